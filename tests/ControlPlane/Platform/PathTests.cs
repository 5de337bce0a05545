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

    public static TheoryData<string, string, string> BodyIds => new()
    {
        { "/v1/subnets", """{"vpcId":"vpc-1","cidr":"10.0.9.0/24","availabilityZone":"us-east-1a"}""", "InvalidVpcID.Malformed" },
        { "/v1/target-groups", """{"name":"x","vpcId":"subnet-0123456789abcdef0","port":80}""", "InvalidVpcID.Malformed" },
        { "/v1/load-balancers", """{"name":"x","subnetIds":["subnet-XYZ"]}""", "InvalidSubnetID.Malformed" },
        { "/v1/interface-endpoints", """{"vpcId":"10.0.0.0/16","serviceName":"x","subnetIds":[]}""", "InvalidVpcID.Malformed" },
        { "/v1/interface-endpoints", """{"vpcId":"vpc-0123456789abcdef0","serviceName":"x","subnetIds":["subnet-0123456789abcdef0","subnet-0123456789abcdef"]}""", "InvalidSubnetID.Malformed" },
        { "/v1/connection-notifications", """{"serviceId":"vpce-0123456789abcdef0","topicArn":"x","events":["accept"]}""", "InvalidVpcEndpointServiceId.Malformed" },
        { "/v1/connection-notifications", """{"endpointId":"vpce-svc-0123456789abcdef0","topicArn":"x","events":["accept"]}""", "InvalidVpcEndpointId.Malformed" },
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
