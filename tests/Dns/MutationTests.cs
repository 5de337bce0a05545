using System.Buffers.Binary;

namespace PrivateLinkCloud.Dns.Tests;

/// <summary>300,000 packets from a fixed seed: pure noise, and good queries with bytes flipped, cut, added. The index in a failure's message replays it.</summary>
public sealed class MutationTests
{
    private const int Seed = 20261123;

    [Fact]
    public void No_packet_makes_it_throw_or_answer_nonsense()
    {
        var random = new Random(Seed);
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < 300_000; i++)
        {
            var packet = i % 10 == 0 ? Noise(random) : Mutated(random);
            var transport = (Transport)(i & 1);
            var kind = Check(packet, transport, Vpc.Resolve(packet, transport, rotation: (uint)i), i);
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
        }
        // The test reached every way a query can end, or it proves nothing.
        Assert.Equal(["Answered", "BadVersion", "Drop", "Forward", "Malformed", "NoSuchName", "NoSuchType", "NotImplemented", "Refused"], seen.Keys.Order());
    }

    [Fact]
    public void No_answer_of_an_upstream_makes_it_throw_or_overlong()
    {
        var random = new Random(Seed);
        var fitted = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var query = QueryWriter.Write(7, Vpc.Crowded, RecordType.A, i % 2 == 0 ? 800 : null);
            var answer = ((Resolution.Reply)Vpc.Resolve(Upstream.Question(query, 9), Transport.Tcp)).Message;
            Mutate(random, ref answer);
            var reply = Upstream.Fit(query, 9, answer, Transport.Udp);
            if (reply is null) continue;
            fitted++;
            Assert.InRange(reply.Length, 12, i % 2 == 0 ? 800 : 512);
            Assert.Equal(7, BinaryPrimitives.ReadUInt16BigEndian(reply));
        }
        Assert.InRange(fitted, 1000, 99_000);
    }

    [Fact]
    public void The_reader_for_tools_reads_or_throws_format_exception()
    {
        var random = new Random(Seed);
        var read = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var message = ((Resolution.Reply)Vpc.Resolve(QueryWriter.Write(7, i % 2 == 0 ? Vpc.Regional : "x.db.example.org", RecordType.A))).Message;
            Mutate(random, ref message);
            try
            {
                DnsMessage.Parse(message);
                read++;
            }
            catch (FormatException) { } // what it promises for malformed bytes
        }
        Assert.InRange(read, 1000, 99_000);
    }

    private static string Check(byte[] packet, Transport transport, Resolution resolution, int index)
    {
        var isQuery = packet.Length >= 12 && packet[2] < 0x80;
        var limit = transport == Transport.Udp ? 1232 : 65535;
        var sound = isQuery != resolution is Resolution.Drop;
        if (resolution is Resolution.Reply { Message: var reply })
            sound &= reply.Length >= 12 && reply.Length <= limit && reply[0] == packet[0] && reply[1] == packet[1] && reply[2] >= 0x80 && Reads(reply);
        Assert.True(sound, sound ? "" : $"packet {index}: {Convert.ToHexString(packet)}");
        return resolution is Resolution.Reply { Outcome: var outcome } ? outcome.ToString() : resolution.GetType().Name;
    }

    private static bool Reads(byte[] reply)
    {
        try
        {
            return DnsMessage.Parse(reply).Id >= 0;
        }
        catch (FormatException)
        {
            return false; // the caller names the packet
        }
    }

    private static byte[] Noise(Random random)
    {
        var packet = new byte[random.Next(0, 80)];
        random.NextBytes(packet);
        return packet;
    }

    private static readonly string[] Names = [Vpc.Regional, Vpc.Private, "x.db.example.org", "svc-1.eu-west-1.vpce.example.net", "www.example.com", Vpc.Crowded];
    private static readonly RecordType[] Types = [RecordType.A, RecordType.Aaaa, RecordType.Any, RecordType.Soa, RecordType.Https, RecordType.Axfr];

    private static byte[] Mutated(Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var packet = QueryWriter.Write((ushort)random.Next(65536), name, Types[random.Next(Types.Length)], random.Next(2) == 0 ? random.Next(65536) : null);
        Mutate(random, ref packet);
        return packet;
    }

    private static void Mutate(Random random, ref byte[] packet)
    {
        for (var edits = random.Next(0, 4); edits > 0; edits--)
        {
            if (packet.Length == 0) return;
            var at = random.Next(Math.Min(packet.Length, 100));
            switch (random.Next(6))
            {
                case 0: packet = packet[..at]; break;
                case 1: packet = [.. packet[..at], (byte)random.Next(256), .. packet[at..]]; break;
                case 2: packet[at] = 0xC0; break;
                case 3: packet[^random.Next(1, Math.Min(12, packet.Length) + 1)] = (byte)random.Next(256); break;
                default: packet[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
    }
}
