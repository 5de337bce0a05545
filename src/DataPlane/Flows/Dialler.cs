using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>Finds a flow its target: starts where the hash points and goes round until one answers.</summary>
internal sealed class Dialler(INetworks networks, TimeProvider time, RelayOptions options)
{
    /// <summary>The connected socket and its target, or the reason why none of <paramref name="candidates"/> could be had.</summary>
    public async Task<(Socket? Socket, Target? Target, FlowEnd Failure)> DialAsync(Node node, Target[] candidates, ulong hash, CancellationToken cut)
    {
        var failure = FlowEnd.NoHealthyTarget;
        var silent = 0;
        for (var i = 0; i < candidates.Length && silent < options.MaxSilentTargets; i++)
        {
            var target = candidates[(int)((hash + (ulong)i) % (ulong)candidates.Length)];
            (var socket, failure) = await TryAsync(node, target, cut);
            if (socket is not null) return (socket, target, default);
            if (failure is FlowEnd.SourceUnavailable or FlowEnd.RelayExhausted || cut.IsCancellationRequested) break;
            if (failure == FlowEnd.TargetTimeout) silent++;
        }
        return (null, null, failure);
    }

    private async Task<(Socket?, FlowEnd)> TryAsync(Node node, Target target, CancellationToken cut)
    {
        Socket socket;
        try
        {
            socket = networks.From(node.Network, node.Address);
        }
        catch (SocketException e)
        {
            return (null, TcpSockets.IsOutOfResources(e.SocketErrorCode) ? FlowEnd.RelayExhausted : FlowEnd.SourceUnavailable);
        }
        try
        {
            using var patience = new CancellationTokenSource(options.ConnectTimeout, time);
            await using var link = cut.UnsafeRegister(static p => ((CancellationTokenSource)p!).Cancel(), patience);
            await socket.ConnectAsync(new IPEndPoint(target.Address, target.Port), patience.Token);
            return (socket, default);
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            return (null, FlowEnd.TargetTimeout);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            return (null, EndOf(e.SocketErrorCode));
        }
    }

    private static FlowEnd EndOf(SocketError error) => error switch
    {
        // The kernel found no source port for this 4-tuple; another target is another 4-tuple.
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse => FlowEnd.SourcePortsExhausted,
        SocketError.TimedOut => FlowEnd.TargetTimeout,
        SocketError.ConnectionReset => FlowEnd.TargetReset, // It accepted, and reset before we had seen it accept.
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown or SocketError.AccessDenied => FlowEnd.TargetUnreachable,
        _ when TcpSockets.IsOutOfResources(error) => FlowEnd.RelayExhausted,
        _ => FlowEnd.TargetRefused,
    };
}
