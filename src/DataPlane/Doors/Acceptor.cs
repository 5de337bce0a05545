using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>One listening socket of one door: accepts until it is closed, whatever goes wrong meanwhile.</summary>
internal sealed class Acceptor(Socket socket, int port, TimeProvider time, TimeSpan backoff) : IDisposable
{
    private readonly CancellationTokenSource closed = new();

    public int Port => port;

    /// <summary>Ends when the acceptor is closed. <paramref name="accepted"/> must not block.</summary>
    public async Task RunAsync(Action<Acceptor, Socket> accepted)
    {
        await Task.Yield(); // The thread that applies a plan opens sockets; it serves nobody.
        while (!closed.IsCancellationRequested)
        {
            try
            {
                accepted(this, await socket.AcceptAsync(closed.Token));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionAborted)
            {
                // The client left the queue before its turn.
            }
            catch (SocketException) when (!closed.IsCancellationRequested)
            {
                // Out of descriptors or memory: the queue stays readable, so trying again at once would spin.
                await Task.Delay(backoff, time, closed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                return; // Closed.
            }
        }
    }

    /// <summary>From here on the kernel refuses, or gives the connection to another agent that shares the door.</summary>
    public void Dispose()
    {
        closed.Cancel();
        socket.Dispose();
    }
}
