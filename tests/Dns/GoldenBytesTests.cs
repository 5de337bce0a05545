namespace PrivateLinkCloud.Dns.Tests;

/// <summary>Whole messages, written out by hand from RFC 1035 and RFC 6891: what must be on the wire, whatever our own reader thinks.</summary>
public sealed class GoldenBytesTests
{
    private const string Question = "02 6442 07 6578616D706C65 03 6F7267 00"; // dB.example.org

    [Fact]
    public void Two_addresses_without_edns() => AssertReply(
        $"1234 0100 0001 0000 0000 0000  {Question} 0001 0001",
        $"""
        1234 8580 0001 0002 0000 0000  {Question} 0001 0001
        C00C 0001 0001 0000003C 0004 0A00010A
        C00C 0001 0001 0000003C 0004 0A00020A
        """);

    [Fact]
    public void Nodata_with_edns() => AssertReply(
        $"1234 0120 0001 0000 0000 0001  {Question} 001C 0001  00 0029 1000 0000 8000 0000",
        $"""
        1234 8580 0001 0000 0001 0001  {Question} 001C 0001
        C00C 0006 0001 0000003C 0026 C00C 06 6E6F626F6479 07 696E76616C6964 00 00000001 00000E10 000004B0 00093A80 0000003C
        00 0029 04D0 0000 8000 0000
        """);

    [Fact]
    public void Nxdomain_points_into_the_question_for_the_zones_name() => AssertReply(
        $"1234 0000 0001 0000 0000 0000  01 78 {Question} 0001 0001",
        $"""
        1234 8483 0001 0000 0001 0000  01 78 {Question} 0001 0001
        C00E 0006 0001 00000005 0026 C00E 06 6E6F626F6479 07 696E76616C6964 00 00000001 00000E10 000004B0 00093A80 00000005
        """);

    [Fact]
    public void Badvers() => AssertReply(
        $"1234 0100 0001 0000 0000 0001  {Question} 0001 0001  00 0029 1000 0001 0000 0000",
        $"1234 8180 0001 0000 0000 0001  {Question} 0001 0001  00 0029 04D0 0100 0000 0000");

    [Fact]
    public void Servfail_for_a_query_that_could_not_be_forwarded() => Assert.Equal(
        Hex("1234 8182 0001 0000 0000 0000  03 777777 00 0001 0001"),
        Resolver.Fail(Hex("1234 0100 0001 0000 0000 0000  03 777777 00 0001 0001"), ResponseCode.ServerFailure));

    private static void AssertReply(string query, string reply) =>
        Assert.Equal(Hex(reply), Assert.IsType<Resolution.Reply>(Vpc.Resolve(Hex(query))).Message);

    private static byte[] Hex(string hex) => Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));
}
