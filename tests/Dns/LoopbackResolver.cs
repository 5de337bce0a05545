using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Dns.Tests;

/// <summary>The resolver over real UDP and TCP sockets on one loopback port, so that independent clients can ask it. What is not ours is refused.</summary>
internal sealed class LoopbackResolver : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Socket udp;
    private readonly TcpListener acceptor;
    private readonly AnswerRotation rotation = new();
    private readonly Task[] loops;
    private int overTcp;

    public LoopbackResolver()
    {
        (udp, acceptor) = Bind();
        loops = [DatagramsAsync(), FlowsAsync()];
    }

    public IPEndPoint Address => (IPEndPoint)udp.LocalEndPoint!;

    /// <summary>How many queries came over TCP.</summary>
    public int OverTcp => Volatile.Read(ref overTcp);

    /// <summary>UDP picks a free port; the TCP port of the same number may be someone else's, then again.</summary>
    private static (Socket, TcpListener) Bind()
    {
        for (var attempt = 0; ; attempt++)
        {
            var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var acceptor = new TcpListener((IPEndPoint)udp.LocalEndPoint!);
            try
            {
                acceptor.Start();
                return (udp, acceptor);
            }
            catch (SocketException) when (attempt < 20)
            {
                udp.Dispose();
            }
        }
    }

    private byte[] Answer(ReadOnlySpan<byte> query, Transport transport) =>
        Resolver.Resolve(query, transport, Vpc.View, _ => true, rotation.Next) switch
        {
            Resolution.Reply reply => reply.Message,
            Resolution.Forward => Resolver.Fail(query, ResponseCode.Refused, "no upstream is configured"),
            _ => [],
        };

    private async Task DatagramsAsync()
    {
        var buffer = new byte[65535];
        while (true)
        {
            var received = await udp.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), stop.Token);
            var reply = Answer(buffer.AsSpan(0, received.ReceivedBytes), Transport.Udp);
            if (reply.Length > 0) await udp.SendToAsync(reply, received.RemoteEndPoint, stop.Token);
        }
    }

    /// <summary>One query per flow: a client that wants more opens another.</summary>
    private async Task FlowsAsync()
    {
        while (true)
        {
            using var client = await acceptor.AcceptTcpClientAsync(stop.Token);
            var stream = client.GetStream();
            var length = new byte[2];
            if (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, stop.Token) < 2) continue; // closed without a word
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, stop.Token);
            Interlocked.Increment(ref overTcp);
            var reply = Answer(query, Transport.Tcp);
            await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply], stop.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        foreach (var loop in loops) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop); // any other end is a fault of the test's server
        udp.Dispose();
        acceptor.Dispose();
        stop.Dispose();
    }
}
