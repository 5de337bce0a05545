using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.ZoneAgent.Resolvers;

/// <summary>
/// One VPC's resolver: UDP and TCP on base + 2, port 53, inside the VPC's network. Every agent of the host binds the same address
/// (SO_REUSEPORT) and answers for the whole VPC, so that any of them may die.
/// </summary>
public sealed class VpcResolver : IDisposable
{
    private const int Port = 53, SolSocket = 1, SoReusePort = 15, LargestQuery = 4096;
    private readonly Socket _datagrams;
    private readonly Socket _acceptor;
    private readonly ResolverSettings _settings;
    private readonly Func<string, bool> _passing;
    private readonly UpstreamForwarder _forwarder;
    private readonly TimeProvider _time;
    private readonly Func<ResolverView>? _elsewhere;
    private readonly AnswerRotation _rotation = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _connections;
    private volatile ResolverView _view;

    /// <summary>Opens the sockets and answers from then on. Throws <see cref="SocketException"/>.</summary>
    /// <param name="view">What it knows at first.</param>
    /// <param name="passing">Whether a door passes this agent's own probe.</param>
    /// <param name="elsewhere">Asked for a name of our domain that this VPC does not have; null: then it does not exist (<c>HideOutsideVpc</c>).</param>
    public VpcResolver(INetworks networks, string network, IPAddress address, ResolverView view, ResolverSettings settings,
        Func<string, bool> passing, UpstreamForwarder forwarder, TimeProvider time, Func<ResolverView>? elsewhere = null)
    {
        (Address, _view, _settings, _passing, _forwarder, _time, _elsewhere) = (address, view, settings, passing, forwarder, time, elsewhere);
        _connections = new SemaphoreSlim(settings.MaxTcpConnections);
        _datagrams = Bound(networks, network, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _acceptor = Bound(networks, network, SocketType.Stream, ProtocolType.Tcp);
            _acceptor.Listen(settings.MaxTcpConnections);
        }
        catch (SocketException)
        {
            _acceptor?.Dispose();
            _datagrams.Dispose();
            throw;
        }
        _ = Task.Run(AnswerDatagramsAsync);
        _ = Task.Run(AcceptAsync);
    }

    public IPAddress Address { get; }

    /// <summary>Swapped whole: a query sees the names before a change or after it, nothing in between.</summary>
    public ResolverView View { get => _view; set => _view = value; }

    public void Dispose()
    {
        _stop.Cancel();
        _datagrams.Dispose();
        _acceptor.Dispose();
    }

    private Socket Bound(INetworks networks, string network, SocketType type, ProtocolType protocol)
    {
        var socket = networks.CreateSocket(network, type, protocol);
        try
        {
            socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            socket.Bind(new IPEndPoint(Address, Port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AnswerDatagramsAsync()
    {
        var buffer = GC.AllocateArray<byte>(LargestQuery, pinned: true);
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_stop.IsCancellationRequested)
            try
            {
                var read = await _datagrams.ReceiveFromAsync(buffer, SocketFlags.None, from, _stop.Token);
                switch (Resolve(buffer.AsSpan(0, read), Transport.Udp))
                {
                    case Resolution.Reply reply:
                        await _datagrams.SendToAsync(reply.Message, SocketFlags.None, from, _stop.Token);
                        break;
                    case Resolution.Forward:
                        _ = ForwardDatagramAsync(buffer.AsSpan(0, read).ToArray(), Copied(from));
                        break;
                }
            }
            catch (SocketException)
            {
                // One client's trouble (an unreachable return path, a message too long): the others go on.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return; // closed
            }
    }

    private async Task ForwardDatagramAsync(byte[] query, SocketAddress client)
    {
        try
        {
            var reply = await _forwarder.AskAsync(query, Transport.Udp, _stop.Token);
            if (reply.Length > 0) await _datagrams.SendToAsync(reply, SocketFlags.None, client, _stop.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client asks again, as it does for any datagram that is lost.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
            try
            {
                var connection = await _acceptor.AcceptAsync(_stop.Token);
                if (_connections.Wait(0, CancellationToken.None)) _ = ConverseAsync(connection);
                else connection.Dispose();
            }
            catch (SocketException)
            {
                // Out of descriptors, or gone before it was taken. A pause, or the loop would spin while it lasts.
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return; // closed
            }
    }

    private async Task ConverseAsync(Socket connection)
    {
        try
        {
            await using var stream = new NetworkStream(connection, ownsSocket: true);
            while (await ExchangeAsync(stream)) { }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Closed by either side, idle, or garbled: this connection is over.
        }
        finally
        {
            _connections.Release();
        }
    }

    /// <returns>False when the connection is over.</returns>
    private async Task<bool> ExchangeAsync(NetworkStream stream)
    {
        byte[]? query = null;
        await UnlessIdleAsync(async idle => query = await DnsOverTcp.ReadAsync(stream, idle));
        if (query is null) return false;
        var reply = Resolve(query, Transport.Tcp) switch
        {
            Resolution.Reply answered => answered.Message,
            Resolution.Forward => await _forwarder.AskAsync(query, Transport.Tcp, _stop.Token),
            _ => [],
        };
        if (reply.Length == 0) return false; // not a query: nothing to answer, and nothing to expect after it
        await UnlessIdleAsync(idle => DnsOverTcp.WriteAsync(stream, reply, idle).AsTask());
        return true;
    }

    /// <summary>The client's silence counts, a read and a write each for itself; the upstream's time is not the client's.</summary>
    private async Task UnlessIdleAsync(Func<CancellationToken, Task> work)
    {
        using var idle = new CancellationTokenSource(_settings.TcpIdle, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, _stop.Token);
        await work(either.Token);
    }

    private Resolution Resolve(ReadOnlySpan<byte> query, Transport transport)
    {
        var own = Resolver.Resolve(query, transport, _view, _passing, _rotation.Next);
        return own is Resolution.Reply { Outcome: Outcome.NoSuchName } && _elsewhere is not null
            ? Resolver.Resolve(query, transport, _elsewhere(), _passing, _rotation.Next)
            : own;
    }

    private static SocketAddress Copied(SocketAddress address)
    {
        var copy = new SocketAddress(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        return copy;
    }
}
