using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.ZoneAgent.Resolvers;

/// <summary>
/// Asks the upstream resolvers what is not ours, from the agent's own network: a VPC has no way out. Every question goes from a
/// fresh port under a fresh random id, the defence against forged answers.
/// </summary>
public sealed class UpstreamForwarder(ResolverSettings settings, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(settings.MaxForwarded);

    /// <returns>The reply for the client; never null: no upstream, no slot and no answer have replies too.</returns>
    public async Task<byte[]> AskAsync(byte[] query, Transport transport, CancellationToken stop)
    {
        if (settings.Upstreams.Count == 0) return Resolver.Fail(query, ResponseCode.Refused, "this VPC resolver has no upstream for other names");
        if (!_slots.Wait(0, CancellationToken.None)) return Resolver.Fail(query, ResponseCode.ServerFailure, "too many queries under way");
        try
        {
            foreach (var upstream in settings.Upstreams)
                if (await AskOneAsync(upstream, query, transport, stop) is { } reply) return reply;
            return Resolver.Fail(query, ResponseCode.ServerFailure, "no upstream answered");
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]?> AskOneAsync(IPEndPoint upstream, byte[] query, Transport transport, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(settings.UpstreamTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        var id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        try
        {
            return transport == Transport.Udp
                ? await OverUdpAsync(upstream, query, id, either.Token)
                : await OverTcpAsync(upstream, query, id, either.Token);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null; // silent, gone or garbled: the next upstream's turn
        }
    }

    private static async Task<byte[]?> OverUdpAsync(IPEndPoint upstream, byte[] query, ushort id, CancellationToken stop)
    {
        using var socket = new Socket(upstream.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(upstream, stop); // connected: the kernel passes on answers from there alone
        await socket.SendAsync(Upstream.Question(query, id), stop);
        var buffer = new byte[ushort.MaxValue];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, stop);
            if (Upstream.Fit(query, id, buffer.AsSpan(0, read), Transport.Udp) is { } reply) return reply;
        }
    }

    private static async Task<byte[]?> OverTcpAsync(IPEndPoint upstream, byte[] query, ushort id, CancellationToken stop)
    {
        using var socket = new Socket(upstream.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(upstream, stop);
        await using var stream = new NetworkStream(socket);
        await DnsOverTcp.WriteAsync(stream, Upstream.Question(query, id), stop);
        var answer = await DnsOverTcp.ReadAsync(stream, stop);
        return answer is null ? null : Upstream.Fit(query, id, answer, Transport.Tcp);
    }
}

/// <summary>DNS over TCP puts two bytes of length, high byte first, before each message (RFC 1035 §4.2.2).</summary>
internal static class DnsOverTcp
{
    /// <returns>One message, or null when the peer has closed between messages.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken stop)
    {
        var length = new byte[2];
        var read = await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, stop);
        if (read < 2) return null;
        var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(message, stop);
        return message;
    }

    /// <summary>Length and message in one write: two would be two segments, and some clients read only the first.</summary>
    public static ValueTask WriteAsync(Stream stream, byte[] message, CancellationToken stop)
    {
        var framed = new byte[message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)message.Length);
        message.CopyTo(framed, 2);
        return stream.WriteAsync(framed, stop);
    }
}
