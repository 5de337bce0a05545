using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <param name="Code">0 NOERROR, 1 FORMERR, 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED.</param>
internal sealed record DnsAnswer(int Code, IReadOnlyList<string> Addresses);

/// <summary>Asks a VPC's resolver for A records from inside the VPC, by UDP or TCP, written out by hand: a peer of the product's own code.</summary>
internal static class DnsQuestion
{
    public static async Task<DnsAnswer> AskAsync(HostFixture host, string network, string name, bool tcp = false, string resolver = "10.0.0.2")
    {
        var answer = tcp ? await OverTcp(host, network, resolver, Query(name)) : await OverUdp(host, network, resolver, Query(name));
        return Parse(answer);
    }

    public static async Task<byte[]> OverUdp(HostFixture host, string network, string resolver, byte[] query)
    {
        using var socket = host.Udp(network);
        await socket.ConnectAsync(HostFixture.At(resolver, 53), TestContext.Current.CancellationToken);
        await socket.SendAsync(query, TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(8));
        return buffer[..await socket.ReceiveAsync(buffer, patience.Token)];
    }

    public static byte[] Query(string name)
    {
        var query = new List<byte> { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 }; // id, RD, one question
        foreach (var label in name.Split('.')) query.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        query.AddRange([0, 0, 1, 0, 1]); // root, type A, class IN
        return [.. query];
    }

    private static async Task<byte[]> OverTcp(HostFixture host, string network, string resolver, byte[] query)
    {
        using var socket = host.Tcp(network);
        await socket.ConnectAsync(HostFixture.At(resolver, 53), TestContext.Current.CancellationToken);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync((byte[])[0, (byte)query.Length, .. query], TestContext.Current.CancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, TestContext.Current.CancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        return answer;
    }

    private static DnsAnswer Parse(byte[] answer)
    {
        Assert.Equal([0x12, 0x34], answer[..2]);
        var at = 12;
        while (answer[at] != 0) at += answer[at] + 1; // the question's name is never compressed
        at += 5;
        var addresses = new List<string>();
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); left > 0; left--)
        {
            at += (answer[at] & 0xC0) == 0xC0 ? 2 : throw new InvalidDataException("an answer's name was not a pointer");
            var length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 8));
            if (BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at)) == 1) addresses.Add(new IPAddress(answer.AsSpan(at + 10, length)).ToString());
            at += 10 + length;
        }
        return new DnsAnswer(answer[3] & 0xF, addresses);
    }
}
