namespace PrivateLinkCloud.Dns.Tests;

public sealed class EdnsTests
{
    [Fact]
    public void A_query_without_edns_gets_a_reply_without() => Assert.Null(Vpc.Ask(Vpc.Regional, ednsSize: null).Edns);

    [Theory]
    [InlineData(Vpc.Regional, ResponseCode.NoError)]
    [InlineData("x.vpce.example.net", ResponseCode.NameError)]
    public void A_query_with_edns_gets_our_size_and_version(string name, ResponseCode code)
    {
        var reply = Vpc.Ask(name, ednsSize: 4096);
        Assert.Equal(code, reply.Code);
        Assert.Equal(new EdnsInfo(1232, Version: 0, UpperCode: 0, DnssecOk: false, Explanation: null), reply.Edns);
    }

    [Fact]
    public void The_do_bit_is_copied()
    {
        var query = QueryWriter.Write(7, Vpc.Regional, RecordType.A);
        query[^4] = 0x80;
        Assert.True(Vpc.Reply(Vpc.Resolve(query)).Edns?.DnssecOk);
    }

    [Fact]
    public void Options_are_accepted_and_not_echoed()
    {
        var query = QueryWriter.Write(7, Vpc.Regional, RecordType.A);
        query[^1] = 12;
        byte[] cookie = [0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8];
        var reply = Assert.IsType<Resolution.Reply>(Vpc.Resolve([.. query, .. cookie])).Message;
        Assert.Equal(2, DnsMessage.Parse(reply).Answers.Count);
        Assert.Equal([0, 0], reply[^2..]); // the OPT's data length
    }

    [Fact]
    public void A_later_version_gets_badvers_and_no_answer()
    {
        var query = QueryWriter.Write(7, Vpc.Regional, RecordType.A);
        query[^5] = 1;
        var reply = Vpc.Reply(Vpc.Resolve(query));
        Assert.Equal(ResponseCode.BadVersion, reply.Code);
        Assert.Equal((1, 0), (reply.Edns!.UpperCode, reply.Edns.Version));
        Assert.Empty(reply.Answers);
    }

    /// <summary>Header 12, question 40 + 6, OPT 11, 16 per address: (512 − 58) / 16 = 28, (512 − 69) / 16 = 27, (1232 − 69) / 16 = 72.</summary>
    [Theory]
    [InlineData(Transport.Udp, null, 28)]
    [InlineData(Transport.Udp, 0, 27)] // below the minimum counts as the minimum
    [InlineData(Transport.Udp, 512, 27)]
    [InlineData(Transport.Udp, 600, 33)]
    [InlineData(Transport.Udp, 1232, 72)]
    [InlineData(Transport.Udp, 65535, 72)] // we never send more
    [InlineData(Transport.Tcp, null, 100)]
    [InlineData(Transport.Tcp, 512, 100)]
    public void An_answer_that_does_not_fit_loses_whole_records_and_says_so(Transport transport, int? size, int records)
    {
        var resolution = Vpc.Resolve(QueryWriter.Write(7, Vpc.Crowded, RecordType.A, size), transport);
        var bytes = Assert.IsType<Resolution.Reply>(resolution).Message.Length;
        var reply = Vpc.Reply(resolution);
        Assert.Equal(records, reply.Answers.Count);
        Assert.Equal(records < 100, reply.Flags.HasFlag(DnsFlags.Truncated));
        Assert.Equal(size is not null, reply.Edns is not null);
        if (transport == Transport.Udp) Assert.InRange(bytes, 0, Math.Clamp(size ?? 512, 512, 1232));
    }

    [Fact]
    public void Over_tcp_more_doors_than_a_message_holds_are_cut_too()
    {
        var doors = Enumerable.Range(0, 5000).Select(i => Vpc.Door($"d{i}", $"10.1.{i / 256}.{i % 256}")).ToArray();
        var view = Vpc.View.With(Vpc.Name("huge.vpce.example.net", overlay: false, 60, doors));
        var reply = Vpc.Ask("huge.vpce.example.net", transport: Transport.Tcp, view: view);
        Assert.True(reply.Flags.HasFlag(DnsFlags.Truncated));
        Assert.InRange(reply.Answers.Count, 4000, 4095);
    }
}
