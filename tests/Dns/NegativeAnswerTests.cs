namespace PrivateLinkCloud.Dns.Tests;

public sealed class NegativeAnswerTests
{
    private const string EndpointSoa = $"{Vpc.Domain}. {{0}} IN SOA {Vpc.Domain}. nobody.invalid. 1 3600 1200 604800 {{0}}";
    private const string PrivateSoa = "db.example.org. {0} IN SOA db.example.org. nobody.invalid. 1 3600 1200 604800 {0}";

    [Theory]
    [InlineData(RecordType.Aaaa)]
    [InlineData(RecordType.Https)]
    [InlineData(RecordType.Srv)]
    [InlineData(RecordType.Txt)]
    [InlineData(RecordType.Ns)]
    [InlineData(RecordType.Soa)] // of an endpoint name, which is no hosted zone's top
    [InlineData((RecordType)64)] // SVCB
    [InlineData((RecordType)65280)]
    public void Another_type_at_a_name_that_exists_is_nodata(RecordType type) =>
        AssertNegative(Vpc.Ask(Vpc.Regional, type), ResponseCode.NoError, EndpointSoa, 60);

    [Fact]
    public void Another_type_at_a_private_name_is_nodata_of_its_own_hosted_zone() =>
        AssertNegative(Vpc.Ask(Vpc.Private, RecordType.Aaaa), ResponseCode.NoError, PrivateSoa, 60);

    [Theory]
    [InlineData("svc-1.eu-west-1.vpce.example.net")]
    [InlineData("eu-west-1.vpce.example.net")]
    [InlineData("vpce.example.net")]
    public void A_name_that_only_has_names_below_it_exists(string name) =>
        AssertNegative(Vpc.Ask(name), ResponseCode.NoError, EndpointSoa, 60);

    [Theory]
    [InlineData("vpce-2-xyz.svc-1.eu-west-1.vpce.example.net")] // another VPC's
    [InlineData("svc-9.eu-west-1.vpce.example.net")]
    [InlineData($"below.{Vpc.Regional}")]
    public void A_name_below_the_endpoint_domain_that_this_vpc_lacks_is_nxdomain(string name) =>
        AssertNegative(Vpc.Ask(name), ResponseCode.NameError, EndpointSoa, 5);

    [Theory]
    [InlineData("x.db.example.org")]
    [InlineData("x.y.db.example.org")]
    public void Everything_below_a_private_name_is_ours_and_absent(string name) =>
        AssertNegative(Vpc.Ask(name), ResponseCode.NameError, PrivateSoa, 5);

    [Fact]
    public void No_passing_door_is_nodata_for_a_short_time_and_the_reply_says_why()
    {
        var reply = Vpc.Ask(Vpc.Regional, ednsSize: 1232, passing: _ => false);
        AssertNegative(reply, ResponseCode.NoError, EndpointSoa, 5);
        Assert.Equal("no door of this name passes its probe at this moment", reply.Edns?.Explanation);
        Assert.Null(Vpc.Ask(Vpc.Regional, ednsSize: 1232).Edns?.Explanation);
    }

    [Fact]
    public void The_outcome_tells_the_negative_answers_apart()
    {
        Assert.Equal(Outcome.NoDoorPasses, OutcomeOf(Vpc.Regional, RecordType.A, passes: false));
        Assert.Equal(Outcome.NoSuchType, OutcomeOf(Vpc.Regional, RecordType.Aaaa, passes: true));
        Assert.Equal(Outcome.NoSuchName, OutcomeOf("x.vpce.example.net", RecordType.A, passes: true));
        Assert.Equal(Outcome.Answered, OutcomeOf(Vpc.Regional, RecordType.A, passes: true));
    }

    [Fact]
    public void The_closest_of_two_nested_hosted_zones_answers()
    {
        var view = Vpc.View.With(Vpc.Name("example.org", overlay: true, 60, Vpc.Door("a", "10.0.1.10")));
        AssertNegative(Vpc.Ask("x.db.example.org", view: view), ResponseCode.NameError, PrivateSoa, 5);
        Assert.StartsWith("example.org. 5 IN SOA", Vpc.Ask("x.example.org", view: view).Authority.Single().ToString(), StringComparison.Ordinal);
    }

    private static Outcome OutcomeOf(string name, RecordType type, bool passes) =>
        Assert.IsType<Resolution.Reply>(Vpc.Resolve(QueryWriter.Write(1, name, type), passing: _ => passes)).Outcome;

    private static void AssertNegative(DnsMessage reply, ResponseCode code, string soa, int ttl)
    {
        Assert.Equal(code, reply.Code);
        Assert.True(reply.Flags.HasFlag(DnsFlags.Authoritative));
        Assert.Empty(reply.Answers);
        Assert.Equal([soa.Replace("{0}", $"{ttl}", StringComparison.Ordinal)], Vpc.Text(reply.Authority));
    }
}
