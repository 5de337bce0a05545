using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>A server of the provider's. Connections that never say a byte are health checks and are not handed on.</summary>
internal sealed class TestTarget : IDisposable
{
    private readonly Socket acceptor = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<Socket> spoken = new();

    public TestTarget(IPAddress address, int port)
    {
        acceptor.Bind(new IPEndPoint(address, port));
        acceptor.Listen(1024);
        _ = AcceptAsync();
    }

    /// <summary>How each check (a connection that ends without a byte) ended: true for an orderly end, false for a reset.</summary>
    public ConcurrentQueue<bool> ChecksEndedOrderly { get; } = new();
    public ConcurrentQueue<IPEndPoint> Peers { get; } = new();

    /// <summary>The next connection on which the consumer has said its first byte, which is still to be read.</summary>
    public async Task<Socket> NextAsync()
    {
        Socket? socket = null;
        await Eventually.Async(() => spoken.TryDequeue(out socket), "a flow reached the target");
        return socket!;
    }

    public int Waiting => spoken.Count;

    public void Dispose()
    {
        acceptor.Dispose();
        while (spoken.TryDequeue(out var socket)) socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = SortAsync(await acceptor.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task SortAsync(Socket socket)
    {
        Peers.Enqueue((IPEndPoint)socket.RemoteEndPoint!);
        try
        {
            if (await socket.ReceiveAsync(new byte[1], SocketFlags.Peek) > 0)
            {
                spoken.Enqueue(socket);
                return;
            }
            ChecksEndedOrderly.Enqueue(true);
        }
        catch (SocketException)
        {
            ChecksEndedOrderly.Enqueue(false);
        }
        socket.Dispose();
    }
}
