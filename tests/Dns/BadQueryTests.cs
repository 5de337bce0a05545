namespace PrivateLinkCloud.Dns.Tests;

public sealed class BadQueryTests
{
    /// <summary>db.example.org, 2 + 7 + 3 letters; the same question in most rows below.</summary>
    private const string Question = "02 6462 07 6578616d706c65 03 6f7267 00 0001 0001";

    [Theory]
    [InlineData("no bytes", "")]
    [InlineData("header cut", "0001 0100 0001 0000 0000 00")]
    [InlineData("a response", $"0001 8100 0001 0000 0000 0000 {Question}")]
    [InlineData("a malformed response", "0001 8100 0001 0000 0000 0000 02")]
    public void What_is_no_query_gets_silence(string why, string hex) => Assert.True(Vpc.Resolve(Hex(hex)) is Resolution.Drop, why);

    [Theory]
    [InlineData("no question", "0001 0100 0000 0000 0000 0000", 0)]
    [InlineData("two questions", $"0001 0100 0002 0000 0000 0000 {Question} {Question}", 0)]
    [InlineData("name cut", "0001 0100 0001 0000 0000 0000 02 6462 07 6578", 0)]
    [InlineData("type cut", "0001 0100 0001 0000 0000 0000 02 6462 00 00", 0)]
    [InlineData("pointer to itself", "0001 0100 0001 0000 0000 0000 C00C 0001 0001", 0)]
    [InlineData("pointer into the header", "0001 0100 0001 0000 0000 0000 02 6462 C000 0001 0001", 0)]
    [InlineData("label type 01", "0001 0100 0001 0000 0000 0000 41 62 00 0001 0001", 0)]
    [InlineData("label type 10", "0001 0100 0001 0000 0000 0000 81 62 00 0001 0001", 0)]
    [InlineData("bytes after the end", $"0001 0100 0001 0000 0000 0000 {Question} 00", 1)]
    [InlineData("record promised, none there", $"0001 0100 0001 0000 0000 0001 {Question}", 1)]
    [InlineData("record data leave the message", $"0001 0100 0001 0001 0000 0000 {Question} C00C 0001 0001 00000000 0005 0A000001", 1)]
    [InlineData("OPT not at the root", $"0001 0100 0001 0000 0000 0001 {Question} 01 61 00 0029 04D0 00000000 0000", 1)]
    [InlineData("OPT among the answers", $"0001 0100 0001 0001 0000 0000 {Question} 00 0029 04D0 00000000 0000", 1)]
    [InlineData("two OPT", $"0001 0100 0001 0000 0000 0002 {Question} 00 0029 04D0 00000000 0000 00 0029 04D0 00000000 0000", 1)]
    [InlineData("option longer than OPT", $"0001 0100 0001 0000 0000 0001 {Question} 00 0029 04D0 00000000 0004 0003 0001", 1)]
    [InlineData("OPT ends inside an option's head", $"0001 0100 0001 0000 0000 0001 {Question} 00 0029 04D0 00000000 0003 000300", 1)]
    public void A_malformed_query_gets_formerr(string why, string hex, int questions)
    {
        var reply = Vpc.Reply(Vpc.Resolve(Hex(hex)));
        Assert.True(reply.Code == ResponseCode.FormatError, why);
        Assert.Equal(questions == 1 ? "db.example.org. IN A" : "", reply.Question);
        Assert.Equal(why.Contains("OPT", StringComparison.Ordinal), reply.Edns is not null);
        Assert.False(reply.Flags.HasFlag(DnsFlags.Authoritative));
    }

    [Fact]
    public void A_name_over_255_bytes_gets_formerr()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'x', 63)];
        byte[] name = [.. label, .. label, .. label, 62, .. Enumerable.Repeat((byte)'y', 62), 0]; // 256
        Assert.Equal(256, name.Length);
        Assert.Equal(ResponseCode.FormatError, Vpc.Reply(Vpc.Resolve([.. Hex("0001 0100 0001 0000 0000 0000"), .. name, 0, 1, 0, 1])).Code);
    }

    [Theory]
    [InlineData(1)] // IQUERY
    [InlineData(2)] // STATUS
    [InlineData(4)] // NOTIFY
    [InlineData(5)] // UPDATE
    [InlineData(15)]
    public void Another_opcode_is_not_implemented_and_comes_back_in_the_reply(int opcode)
    {
        var query = QueryWriter.Write(7, Vpc.Regional, RecordType.A);
        query[2] |= (byte)(opcode << 3);
        var reply = Assert.IsType<Resolution.Reply>(Vpc.Resolve(query)).Message;
        Assert.Equal(12, reply.Length);
        Assert.Equal(0x81 | opcode << 3, reply[2]);
        Assert.Equal(ResponseCode.NotImplemented, DnsMessage.Parse(reply).Code);
    }

    [Theory]
    [InlineData(RecordType.A, 3)] // CH
    [InlineData(RecordType.Txt, 3)]
    [InlineData(RecordType.A, 255)] // ANY
    [InlineData(RecordType.Axfr, 1)]
    [InlineData(RecordType.Ixfr, 1)]
    public void Other_classes_and_transfers_are_refused(RecordType type, byte @class)
    {
        foreach (var name in (string[])[Vpc.Regional, "version.bind"])
        {
            var query = QueryWriter.Write(7, name, type, ednsSize: null);
            query[^1] = @class;
            Assert.Equal(ResponseCode.Refused, Vpc.Reply(Vpc.Resolve(query)).Code);
        }
    }

    private static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
