namespace PrivateLinkCloud.Dns.Tests;

public sealed class AnswerTests
{
    [Theory]
    [InlineData(Vpc.Regional, $"{Vpc.Regional}. 60 IN A 10.0.1.10", $"{Vpc.Regional}. 60 IN A 10.0.2.10")]
    [InlineData(Vpc.Zonal, $"{Vpc.Zonal}. 60 IN A 10.0.1.10")]
    [InlineData(Vpc.Private, "db.example.org. 60 IN A 10.0.1.10", "db.example.org. 60 IN A 10.0.2.10")]
    public void A_stored_name_answers_with_the_addresses_of_its_doors(string name, params string[] expected)
    {
        var reply = Vpc.Ask(name);
        Assert.Equal(ResponseCode.NoError, reply.Code);
        Assert.Equal(expected, Vpc.Text(reply.Answers));
        Assert.Empty(reply.Authority);
        Assert.Empty(reply.Additional);
    }

    [Fact]
    public void Only_doors_that_pass_are_named()
    {
        var reply = Vpc.Ask(Vpc.Regional, passing: key => key == "b");
        Assert.Equal([$"{Vpc.Regional}. 60 IN A 10.0.2.10"], Vpc.Text(reply.Answers));
    }

    [Fact]
    public void The_ttl_is_the_views()
    {
        var view = Vpc.View.With(Vpc.Name("t.vpce.example.net", overlay: false, 17, Vpc.Door("a", "10.0.0.1")));
        Assert.Equal(["t.vpce.example.net. 17 IN A 10.0.0.1"], Vpc.Text(Vpc.Ask("t.vpce.example.net", view: view).Answers));
    }

    [Fact]
    public void Names_match_in_any_case_and_come_back_in_the_case_of_the_question()
    {
        var reply = Vpc.Ask("dB.eXaMple.ORG");
        Assert.Equal("dB.eXaMple.ORG. IN A", reply.Question);
        Assert.Equal(["dB.eXaMple.ORG. 60 IN A 10.0.1.10", "dB.eXaMple.ORG. 60 IN A 10.0.2.10"], Vpc.Text(reply.Answers));
    }

    [Fact]
    public void Any_is_answered_with_the_addresses() =>
        Assert.Equal(Vpc.Text(Vpc.Ask(Vpc.Regional).Answers), Vpc.Text(Vpc.Ask(Vpc.Regional, RecordType.Any).Answers));

    [Theory]
    [InlineData(Vpc.Domain, $"{Vpc.Domain}. 60 IN SOA {Vpc.Domain}. nobody.invalid. 1 3600 1200 604800 60")]
    [InlineData(Vpc.Private, "db.example.org. 60 IN SOA db.example.org. nobody.invalid. 1 3600 1200 604800 60")]
    public void The_top_of_a_hosted_zone_has_a_soa_record(string name, string expected)
    {
        var reply = Vpc.Ask(name, RecordType.Soa);
        Assert.Equal([expected], Vpc.Text(reply.Answers));
        Assert.Empty(reply.Authority);
    }

    [Theory]
    [InlineData("www.example.com")]
    [InlineData("example.org")] // above a private name
    [InlineData("mydb.example.org")]
    [InlineData("example.net")] // above the endpoint domain
    [InlineData("notvpce.example.net")]
    [InlineData("10.1.0.10.in-addr.arpa")]
    [InlineData(".")]
    public void A_name_that_is_not_ours_is_forwarded(string name) =>
        Assert.IsType<Resolution.Forward>(Vpc.Resolve(QueryWriter.Write(7, name, RecordType.A)));

    [Fact]
    public void The_header_says_authoritative_and_recursion_available_and_copies_rd_and_cd_but_not_ad()
    {
        var query = QueryWriter.Write(0xBEEF, Vpc.Zonal, RecordType.A);
        query[3] = 0x30; // AD and CD
        var reply = Vpc.Reply(Vpc.Resolve(query));
        Assert.Equal(0xBEEF, reply.Id);
        Assert.Equal(DnsFlags.Response | DnsFlags.Authoritative | DnsFlags.RecursionDesired | DnsFlags.RecursionAvailable | DnsFlags.CheckingDisabled, reply.Flags);

        var modest = Vpc.Reply(Vpc.Resolve(QueryWriter.Write(1, Vpc.Zonal, RecordType.A, recursionDesired: false)));
        Assert.Equal(DnsFlags.Response | DnsFlags.Authoritative | DnsFlags.RecursionAvailable, modest.Flags);
    }

    [Fact]
    public void A_dot_inside_a_label_is_not_a_separator()
    {
        // "db.example" as ONE label, then "org": prints like the private name, is another.
        byte[] query = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, .. "db.example"u8, 3, .. "org"u8, 0, 0, 1, 0, 1];
        Assert.IsType<Resolution.Forward>(Vpc.Resolve(query));
    }

    [Fact]
    public void The_longest_possible_name_is_answered()
    {
        var label = new string('x', 63);
        var below = $"{label}.{label}.{label}.{new string('y', 61 - 1 - Vpc.Private.Length)}.{Vpc.Private}";
        Assert.Equal(253, below.Length);
        Assert.Equal(ResponseCode.NameError, Vpc.Ask(below, ednsSize: 512).Code);
    }
}
