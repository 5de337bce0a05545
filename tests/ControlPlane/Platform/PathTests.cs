namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Paths, methods and ids that lead nowhere.</summary>
[Collection(OneControlPlane.Name)]
public sealed class PathTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task A_path_that_is_not_there_and_a_method_it_does_not_have_are_problems_too()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(404, "RouteNotFound", () => world.AsProvider.GetAsync("/v1/gateways"));
        await fixture.RefusedAsync(405, "MethodNotAllowed", () => world.AsProvider.SendAsync(HttpMethod.Put, "/v1/vpcs", new { cidr = "10.0.0.0/16" }));
    }

    [Fact]
    public async Task A_query_that_is_not_a_number_is_named_without_our_types()
    {
        var world = await fixture.SharedWorldAsync();
        var answer = await fixture.RefusedAsync(400, "InvalidParameterValue", () => fixture.Agent(world.Zones[0]).GetAsync($"/v1/zones/{world.Zones[0]}/plan?since=yesterday"));
        Assert.Equal("'yesterday' is not a value for since. Send one of the type the API description names.", answer["detail"]);
    }

    public static TheoryData<string, string, string, string> Ids => new()
    {
        { "GET", "/v1/vpcs/ID", "vpc", "InvalidVpcID.Malformed" },
        { "PATCH", "/v1/vpcs/ID", "vpc", "InvalidVpcID.Malformed" },
        { "DELETE", "/v1/vpcs/ID", "vpc", "InvalidVpcID.Malformed" },
        { "GET", "/v1/subnets/ID", "subnet", "InvalidSubnetID.Malformed" },
        { "DELETE", "/v1/subnets/ID", "subnet", "InvalidSubnetID.Malformed" },
        { "GET", "/v1/endpoint-services/ID", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "PATCH", "/v1/endpoint-services/ID", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "DELETE", "/v1/endpoint-services/ID", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "GET", "/v1/endpoint-services/ID/allowed-principals", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "POST", "/v1/endpoint-services/ID/allowed-principals", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "GET", "/v1/interface-endpoints/ID", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "DELETE", "/v1/interface-endpoints/ID", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "POST", "/v1/interface-endpoints/ID/enable-private-dns", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "POST", "/v1/interface-endpoints/ID/disable-private-dns", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "GET", "/v1/endpoint-connections/ID", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "POST", "/v1/endpoint-connections/ID/accept", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "POST", "/v1/endpoint-connections/ID/reject", "vpce", "InvalidVpcEndpointId.Malformed" },
        { "GET", "/v1/endpoint-connections?serviceId=ID", "vpce-svc", "InvalidVpcEndpointServiceId.Malformed" },
        { "GET", "/v1/network-interfaces/ID", "eni", "InvalidNetworkInterfaceID.Malformed" },
        { "DELETE", "/v1/network-interfaces/ID", "eni", "InvalidNetworkInterfaceID.Malformed" },
        { "GET", "/v1/connection-notifications/ID", "vpce-nfn", "InvalidConnectionNotificationId.Malformed" },
        { "DELETE", "/v1/connection-notifications/ID", "vpce-nfn", "InvalidConnectionNotificationId.Malformed" },
    };

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_id_that_cannot_be_one_is_malformed_and_not_merely_unknown(string method, string path, string prefix, string code)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, code, async () =>
        {
            Answer answer = null!;
            foreach (var id in Misspelt(prefix)) answer = (await world.AsProvider.SendAsync(new HttpMethod(method), path.Replace("ID", id, StringComparison.Ordinal), method is "POST" or "PATCH" ? new { } : null)).ExpectProblem(400, code);
            return answer;
        });
    }

    public static TheoryData<string, string, string> Tails => new()
    {
        { "GET", "/v1/load-balancers/ID", "InvalidLoadBalancerId.Malformed" },
        { "PATCH", "/v1/load-balancers/ID", "InvalidLoadBalancerId.Malformed" },
        { "DELETE", "/v1/load-balancers/ID", "InvalidLoadBalancerId.Malformed" },
        { "POST", "/v1/load-balancers/ID/listeners", "InvalidLoadBalancerId.Malformed" },
        { "DELETE", "/v1/load-balancers/ID/listeners/80", "InvalidLoadBalancerId.Malformed" },
        { "GET", "/v1/target-groups/ID", "InvalidTargetGroupId.Malformed" },
        { "GET", "/v1/target-groups/ID/target-health", "InvalidTargetGroupId.Malformed" },
        { "POST", "/v1/target-groups/ID/register-targets", "InvalidTargetGroupId.Malformed" },
        { "POST", "/v1/target-groups/ID/deregister-targets", "InvalidTargetGroupId.Malformed" },
        { "DELETE", "/v1/target-groups/ID", "InvalidTargetGroupId.Malformed" },
        { "DELETE", "/v1/topics/t/subscriptions/ID", "InvalidSubscriptionId.Malformed" },
    };

    [Theory]
    [MemberData(nameof(Tails))]
    public async Task An_id_without_a_prefix_too(string method, string path, string code)
    {
        var world = await fixture.SharedWorldAsync();
        object? body = method == "PATCH" ? new { crossZone = true } : path.EndsWith("/listeners", StringComparison.Ordinal) ? new { port = 81, targetGroupArn = world.TargetGroupArn } : path.EndsWith("-targets", StringComparison.Ordinal) ? new { targets = Array.Empty<object>() } : null;
        foreach (var id in new[] { "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "front", "0123456789abcdef%0A" })
            await fixture.RefusedAsync(400, code, () => world.AsProvider.SendAsync(new HttpMethod(method), path.Replace("ID", id, StringComparison.Ordinal), body));
    }

    [Theory]
    [InlineData("GET", "/v1/tenants/12345678901", "InvalidAccount", null)]
    [InlineData("GET", "/v1/tenants/provider", "InvalidAccount", null)]
    [InlineData("POST", "/v1/regions/us-east-1a/zones", "InvalidRegion", """{"zoneId":"use1-az1"}""")]
    [InlineData("POST", "/v1/tenants", "InvalidRegion", """{"account":"300000000000","name":"x","region":"Virginia"}""")]
    public async Task An_account_and_a_region_of_the_platform_operators_too(string method, string path, string code, string? body)
    {
        fixture.NewWorld();
        await fixture.RefusedAsync(400, code, () => fixture.Operator().SendAsync(new HttpMethod(method), path, body));
    }

    public static TheoryData<string, string, string> BodyIds => new()
    {
        { "/v1/subnets", """{"vpcId":"vpc-1","cidr":"10.0.9.0/24","availabilityZone":"us-east-1a"}""", "InvalidVpcID.Malformed" },
        { "/v1/target-groups", """{"name":"x","vpcId":"subnet-0123456789abcdef0","port":80}""", "InvalidVpcID.Malformed" },
        { "/v1/load-balancers", """{"name":"x","subnetIds":["subnet-XYZ"]}""", "InvalidSubnetID.Malformed" },
        { "/v1/interface-endpoints", """{"vpcId":"10.0.0.0/16","serviceName":"x","subnetIds":[]}""", "InvalidVpcID.Malformed" },
        { "/v1/interface-endpoints", """{"vpcId":"vpc-0123456789abcdef0","serviceName":"x","subnetIds":["subnet-0123456789abcdef0","subnet-0123456789abcdef"]}""", "InvalidSubnetID.Malformed" },
        { "/v1/connection-notifications", """{"serviceId":"vpce-0123456789abcdef0","topicArn":"arn:aws:sns:us-east-1:100000000001:t","events":["accept"]}""", "InvalidVpcEndpointServiceId.Malformed" },
        { "/v1/connection-notifications", """{"endpointId":"vpce-svc-0123456789abcdef0","topicArn":"arn:aws:sns:us-east-1:100000000001:t","events":["accept"]}""", "InvalidVpcEndpointId.Malformed" },
        { "/v1/connection-notifications", """{"serviceId":"vpce-svc-0123456789abcdef0","topicArn":"t","events":["accept"]}""", "InvalidTopicArn.Malformed" },
        { "/v1/connection-notifications", """{"serviceId":"vpce-svc-0123456789abcdef0","topicArn":"arn:aws:sns:us-east-1:100000000001:t:1","events":["accept"]}""", "InvalidTopicArn.Malformed" },
        { "/v1/load-balancers/0123456789abcdef/listeners", """{"port":81,"targetGroupArn":"0123456789abcdef"}""", "InvalidTargetGroupArn.Malformed" },
        { "/v1/load-balancers/0123456789abcdef/listeners", """{"port":81,"targetGroupArn":"arn:aws:elasticloadbalancing:us-east-1:100000000001:loadbalancer/net/a/0123456789abcdef"}""", "InvalidTargetGroupArn.Malformed" },
        { "/v1/endpoint-services", """{"loadBalancerArns":["0123456789abcdef"]}""", "InvalidLoadBalancerArn.Malformed" },
        { "/v1/endpoint-services", """{"loadBalancerArns":["arn:aws:elasticloadbalancing:us-east-1:100000000001:loadbalancer/net/a/0123456789abcdef","arn:aws:s3:::b"]}""", "InvalidLoadBalancerArn.Malformed" },
        { "/v1/vpcs", """{"cidr":"10.0.0.0/16","region":"us-east-1a"}""", "InvalidRegion" },
    };

    [Theory]
    [MemberData(nameof(BodyIds))]
    public async Task An_id_in_a_body_too(string path, string body, string code)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, code, () => world.AsProvider.PostAsync(path, body));
    }

    private static IEnumerable<string> Misspelt(string prefix) =>
        [$"{prefix}-0123456789abcdef", $"{prefix}-0123456789abcdef01", $"{prefix}-0123456789ABCDEF0", $"{prefix}-0123456789abcdefg", $"{prefix}0123456789abcdef0", "x-0123456789abcdef0", $"{prefix}-0123456789abcdef0%0A", "%27%20or%201=1"];
}
