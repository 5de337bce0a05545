using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>The vendor's plain TCP check: a connection from the node's address that opens in time has passed.</summary>
internal sealed class TcpCheck(INetworks networks, TimeProvider time)
{
    public const string TimedOut = "Target.Timeout", Refused = "Target.FailedHealthChecks";

    /// <summary>How long a target may take to close its side of a check before we go. Most close at once.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    public async Task<HealthInput> RunAsync(Node from, IPAddress address, int port, TimeSpan timeout, CancellationToken stop)
    {
        Socket socket;
        try
        {
            socket = networks.From(from.Network, from.Address);
        }
        catch (SocketException)
        {
            return HealthInput.NoVerdict;
        }
        var verdict = await ConnectAsync(socket, new(address, port), timeout, stop);
        if (verdict.Kind == HealthInputKind.Passed) _ = LeaveAsync(socket);
        else socket.Dispose();
        return verdict;
    }

    private async Task<HealthInput> ConnectAsync(Socket socket, IPEndPoint target, TimeSpan timeout, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        await using var link = stop.UnsafeRegister(static p => ((CancellationTokenSource)p!).Cancel(), patience);
        try
        {
            await socket.ConnectAsync(target, patience.Token);
            return HealthInput.Passed;
        }
        catch (OperationCanceledException)
        {
            return stop.IsCancellationRequested ? HealthInput.NoVerdict : HealthInput.Failed(TimedOut);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => HealthInput.NoVerdict,
                SocketError.TimedOut => HealthInput.Failed(TimedOut),
                // A reset before the handshake is "refused"; this one came after it: the target did open, and was quick to close.
                SocketError.ConnectionReset => HealthInput.Passed,
                _ => HealthInput.Failed(Refused),
            };
        }
    }

    /// <summary>Ends the check as a client with manners does: says FIN and reads what the target greets with (an unread banner would turn
    /// our close into a reset, which some servers log or count against us) until it closes too.</summary>
    private async Task LeaveAsync(Socket socket)
    {
        using (socket)
        {
            using var patience = new CancellationTokenSource(Farewell, time);
            var scrap = new byte[512];
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                while (await socket.ReceiveAsync(scrap, SocketFlags.None, patience.Token) > 0) { }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The check has passed already; how the target says goodbye is its own affair.
            }
        }
    }
}
