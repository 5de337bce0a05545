using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>A name server on loopback that has one answer to everything, over UDP and TCP.</summary>
internal sealed class LoopbackUpstream : IDisposable
{
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _silent = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _acceptor = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly byte[] _address;

    public LoopbackUpstream(string address)
    {
        _address = IPAddress.Parse(address).GetAddressBytes();
        _acceptor.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _acceptor.Listen();
        _datagrams.Bind(_acceptor.LocalEndPoint!);
        _silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = AnswerAsync();
        _ = AcceptAsync();
    }

    /// <summary>Answers wait for this.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>Each question's id and source port, in order.</summary>
    public ConcurrentQueue<(ushort Id, int Port)> Asked { get; } = new();

    public IPEndPoint EndPoint => (IPEndPoint)_datagrams.LocalEndPoint!;

    public int Port => ((IPEndPoint)_datagrams.LocalEndPoint!).Port;

    /// <summary>Takes datagrams and says nothing; refuses TCP.</summary>
    public int DeadPort => ((IPEndPoint)_silent.LocalEndPoint!).Port;

    public void Dispose()
    {
        _datagrams.Dispose();
        _silent.Dispose();
        _acceptor.Dispose();
    }

    private async Task AnswerAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var read = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await _datagrams.SendToAsync(await AnswerAsync(buffer[..read.ReceivedBytes], read.RemoteEndPoint), read.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _acceptor.AcceptAsync();
                var buffer = new byte[4096];
                var read = await connection.ReceiveAsync(buffer);
                var answer = await AnswerAsync(buffer[2..read], connection.RemoteEndPoint!);
                await connection.SendAsync((byte[])[0, (byte)answer.Length, .. answer]);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task<byte[]> AnswerAsync(byte[] query, EndPoint asker)
    {
        Asked.Enqueue((BinaryPrimitives.ReadUInt16BigEndian(query), ((IPEndPoint)asker).Port));
        await Gate;
        byte[] answer = [.. query, 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. _address];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), 0x8180); // response, recursion available
        answer[7] = 1; // one answer
        return answer;
    }
}
