namespace PrivateLinkCloud.Domain.Tests;

public sealed class NamesTests
{
    /// <summary>The whitepaper's own two examples (rules §9), byte for byte: S-32.</summary>
    [Fact]
    public void Endpoint_names_are_the_whitepapers_examples_under_its_domain()
    {
        var naming = Naming.Default with { EndpointDomain = "vpce.amazonaws.com" };
        Assert.Equal("vpce-0fe5b17a0707d6abc-29p5708s.ec2.us-east-1.vpce.amazonaws.com", naming.RegionalName("vpce-0fe5b17a0707d6abc", "29p5708s", "ec2", "us-east-1"));
        Assert.Equal("vpce-0fe5b17a0707d6abc-29p5708s-us-east-1a.ec2.us-east-1.vpce.amazonaws.com", naming.ZonalName("vpce-0fe5b17a0707d6abc", "29p5708s", "us-east-1a", "ec2", "us-east-1"));
    }

    [Fact]
    public void Names_and_arns_have_the_ecosystems_forms()
    {
        var naming = Naming.Default;
        Assert.Equal("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0", naming.ServiceName("us-east-1", "vpce-svc-0123456789abcdef0"));
        Assert.Equal("arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/web/50dc6c495c0c9188", naming.LoadBalancerArn("us-east-1", "111111111111", "web", "50dc6c495c0c9188"));
        Assert.Equal("arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/web/73e2d6bc24d8a067", naming.TargetGroupArn("us-east-1", "111111111111", "web", "73e2d6bc24d8a067"));
        Assert.Equal("arn:aws:sns:us-east-1:111111111111:connections", naming.TopicArn("us-east-1", "111111111111", "connections"));
        Assert.StartsWith("arn:aws-cn:sns:", (naming with { Partition = "aws-cn" }).TopicArn("cn-north-1", "111111111111", "t"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_endpoint_names_are_dns_names()
    {
        var naming = Naming.Default;
        Assert.True(Names.IsDnsName(naming.RegionalName("vpce-0fe5b17a0707d6abc", "29p5708s", "vpce-svc-0123456789abcdef0", "us-east-1")));
        var zonal = naming.ZonalName("vpce-0fe5b17a0707d6abc", "29p5708s", "ap-southeast-10a", "vpce-svc-0123456789abcdef0", "ap-southeast-10");
        Assert.True(Names.IsDnsName(zonal));
        Assert.All(zonal.Split('.'), label => Assert.InRange(label.Length, 1, 63));
    }

    [Theory]
    [InlineData("vpce", "vpce-0fe5b17a0707d6abc", true)]
    [InlineData("vpce-svc", "vpce-svc-0123456789abcdef0", true)]
    [InlineData("vpce", "vpce-svc-0123456789abcdef0", false)]
    [InlineData("vpce", "vpce-0fe5b17a0707d6ab", false)]
    [InlineData("vpce", "vpce-0fe5b17a0707d6abcd", false)]
    [InlineData("vpce", "vpce-0FE5B17A0707D6ABC", false)]
    [InlineData("vpce", "vpce-0fe5b17a0707d6ab\n", false)]
    [InlineData("vpce", "vpce_0fe5b17a0707d6abc", false)]
    [InlineData("vpce", null, false)]
    public void An_id_is_its_prefix_and_17_hex_digits(string prefix, string? id, bool good) => Assert.Equal(good, Names.IsId(prefix, id));

    [Theory]
    [InlineData("us-east-1", true)]
    [InlineData("us-gov-west-1", true)]
    [InlineData("us-east-1a", false)]
    [InlineData("us-east-1\n", false)]
    [InlineData("US-EAST-1", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_region_ends_in_a_number(string? name, bool good) => Assert.Equal(good, Names.IsRegion(name));

    [Fact]
    public void The_arns_that_are_given_out_are_arns_and_each_of_its_own_kind_only()
    {
        var naming = Naming.Default with { Partition = "aws-cn" };
        string[] arns = [naming.LoadBalancerArn("cn-north-1", "111111111111", "web-1", "50dc6c495c0c9188"), naming.TargetGroupArn("cn-north-1", "111111111111", "web-1", "73e2d6bc24d8a067"), naming.TopicArn("cn-north-1", "111111111111", "a_b-c")];
        Assert.Equal([true, false, false], arns.Select(Names.IsLoadBalancerArn));
        Assert.Equal([false, true, false], arns.Select(Names.IsTargetGroupArn));
        Assert.Equal([false, false, true], arns.Select(Names.IsTopicArn));
        Assert.All(arns, arn => Assert.False(Names.IsLoadBalancerArn(arn + "\n") || Names.IsTargetGroupArn(arn + "\n") || Names.IsTopicArn(arn + "\n")));
    }

    [Theory]
    [InlineData("db.example.com", true)]
    [InlineData("_db._tcp.example.com", true)]
    [InlineData("a.b", true)]
    [InlineData("example", false)]
    [InlineData("db.example.com.", false)]
    [InlineData("db-.example.com", false)]
    [InlineData("db.example.1com", false)]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123.example.com", true)]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.example.com", false)]
    public void A_dns_name_has_two_labels_or_more_in_lower_case(string name, bool good) => Assert.Equal(good, Names.IsDnsName(name));
}
