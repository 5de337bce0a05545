namespace PrivateLinkCloud.Dns.Tests;

public sealed class DnsMessageTests
{
    /// <summary>A reply as an ordinary upstream writes it: the CNAME's target and the addresses' owner are compressed in chains.</summary>
    [Fact]
    public void It_reads_records_of_many_types()
    {
        byte[] reply =
        [
            0, 1, 0x81, 0x80, 0, 1, 0, 5, 0, 0, 0, 0,
            3, .. "www"u8, 7, .. "example"u8, 3, .. "com"u8, 0, 0, 1, 0, 1,
            0xC0, 12, 0, 5, 0, 1, 0, 0, 1, 0, 0, 6, 3, .. "cdn"u8, 0xC0, 16,
            0xC0, 45, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, 1,
            0xC0, 45, 0, 28, 0, 1, 0, 0, 0, 30, 0, 16, 0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
            0xC0, 45, 0, 16, 0, 1, 0, 0, 0, 30, 0, 6, 2, .. "a\""u8, 2, .. "b "u8,
            0xC0, 45, 1, 1, 0, 1, 0, 0, 0, 30, 0, 2, 0xAB, 0xCD,
        ];
        Assert.Equal(
            [
                "www.example.com. 256 IN CNAME cdn.example.com.",
                "cdn.example.com. 30 IN A 192.0.2.1",
                "cdn.example.com. 30 IN AAAA 2001:db8::1",
                """cdn.example.com. 30 IN TXT "a\"" "b\032" """.TrimEnd(),
                @"cdn.example.com. 30 IN TYPE257 \# 2 abcd",
            ],
            Vpc.Text(DnsMessage.Parse(reply).Answers));
    }

    [Theory]
    [InlineData(12, 12)] // to itself
    [InlineData(12, 13)]
    [InlineData(12, 200)] // forward, out of the message
    public void A_pointer_that_does_not_lead_to_the_front_is_malformed(byte at, byte to)
    {
        byte[] message = [0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1];
        (message[at], message[at + 1]) = (0xC0, to);
        Assert.Throws<FormatException>(() => DnsMessage.Parse(message));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.org")]
    public void A_query_for_what_is_no_name_is_not_written(string name) => Assert.Throws<ArgumentException>(() => QueryWriter.Write(1, name, RecordType.A));

    [Theory]
    [InlineData("example.org")]
    [InlineData("example.org.")]
    public void A_query_reads_back(string name)
    {
        var query = DnsMessage.Parse(QueryWriter.Write(5, name, RecordType.Aaaa, ednsSize: 900));
        Assert.Equal((5, "example.org. IN AAAA", DnsFlags.RecursionDesired, 900), ((int)query.Id, query.Question, query.Flags, query.Edns?.UdpSize ?? 0));
    }
}
