namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>What is not yours does not exist: wherever a request can carry an id, another tenant's and one that was never used get the same
/// status and, the id apart, the same bytes; and nothing is stored.</summary>
public sealed class IsolationTests(IsolationTests.TwoTenants scene) : IClassFixture<IsolationTests.TwoTenants>
{
    /// <summary>A tenant with one of everything, and a stranger with networks and a load balancer of its own.</summary>
    public sealed class TwoTenants : ControlPlaneFixture
    {
        private Task<(World Owner, World Stranger, Dictionary<string, string> Ids)>? _scene;

        public Task<(World Owner, World Stranger, Dictionary<string, string> Ids)> MadeAsync() => _scene ??= MakeAsync();

        private async Task<(World, World, Dictionary<string, string>)> MakeAsync()
        {
            var (owner, stranger) = (await NewWorld().ServiceAsync(), await NewWorld().ServiceAsync());
            var endpoint = (await owner.RequestAsync()).Json;
            var topic = (await owner.AsProvider.PostAsync("/v1/topics", new { name = "secret" })).Expect(201)["arn"];
            var notification = (await owner.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = owner.ServiceId, topicArn = topic, events = new[] { "accept" } })).Expect(201)["id"];
            return (owner, stranger, new Dictionary<string, string>
            {
                ["{vpc}"] = owner.ProviderVpc, ["{subnet}"] = owner.ProviderSubnets[0], ["{group}"] = owner.TargetGroup, ["{groupArn}"] = owner.TargetGroupArn,
                ["{lb}"] = owner.LoadBalancerId, ["{lbArn}"] = owner.LoadBalancerArn, ["{service}"] = owner.ServiceId, ["{serviceName}"] = owner.ServiceName,
                ["{endpoint}"] = (string)endpoint["id"]!, ["{eni}"] = (string)endpoint["networkInterfaces"]![0]!["id"]!, ["{topicArn}"] = topic, ["{notification}"] = notification,
            });
        }
    }

    public static TheoryData<string, string, string?> Requests => new()
    {
        { "GET", "/v1/vpcs/{vpc}", null },
        { "PATCH", "/v1/vpcs/{vpc}", """{"enableDnsSupport":false}""" },
        { "DELETE", "/v1/vpcs/{vpc}", null },
        { "GET", "/v1/subnets/{subnet}", null },
        { "DELETE", "/v1/subnets/{subnet}", null },
        { "POST", "/v1/subnets", """{"vpcId":"{vpc}","cidr":"10.0.9.0/24","availabilityZone":"us-east-1a"}""" },
        { "GET", "/v1/target-groups/{group}", null },
        { "GET", "/v1/target-groups/{group}/target-health", null },
        { "POST", "/v1/target-groups/{group}/register-targets", """{"targets":[{"address":"10.0.1.9"}]}""" },
        { "POST", "/v1/target-groups/{group}/deregister-targets", """{"targets":[{"address":"10.0.1.100"}]}""" },
        { "DELETE", "/v1/target-groups/{group}", null },
        { "POST", "/v1/target-groups", """{"name":"mine","vpcId":"{vpc}","port":80}""" },
        { "GET", "/v1/load-balancers/{lb}", null },
        { "PATCH", "/v1/load-balancers/{lb}", """{"crossZone":true}""" },
        { "DELETE", "/v1/load-balancers/{lb}", null },
        { "DELETE", "/v1/load-balancers/{lb}/listeners/80", null },
        { "POST", "/v1/load-balancers/{lb}/listeners", """{"port":81,"targetGroupArn":"{myGroupArn}"}""" },
        { "POST", "/v1/load-balancers/{myLb}/listeners", """{"port":81,"targetGroupArn":"{groupArn}"}""" },
        { "POST", "/v1/load-balancers", """{"name":"mine","subnetIds":["{subnet}"]}""" },
        { "POST", "/v1/load-balancers", """{"name":"mine","subnetIds":["{mySubnet}","{subnet}"]}""" },
        { "GET", "/v1/endpoint-services/{service}", null },
        { "PATCH", "/v1/endpoint-services/{service}", """{"acceptanceRequired":false}""" },
        { "DELETE", "/v1/endpoint-services/{service}", null },
        { "GET", "/v1/endpoint-services/{service}/allowed-principals", null },
        { "POST", "/v1/endpoint-services/{service}/allowed-principals", """{"add":["*"]}""" },
        { "POST", "/v1/endpoint-services", """{"loadBalancerArns":["{lbArn}"]}""" },
        { "PATCH", "/v1/endpoint-services/{myService}", """{"loadBalancerArns":["{lbArn}"]}""" },
        { "POST", "/v1/interface-endpoints", """{"vpcId":"{vpc}","serviceName":"{myServiceName}","subnetIds":["{subnet}"]}""" },
        { "POST", "/v1/interface-endpoints", """{"vpcId":"{myVpc}","serviceName":"{myServiceName}","subnetIds":["{subnet}"]}""" },
        { "POST", "/v1/interface-endpoints", """{"vpcId":"{myVpc}","serviceName":"{serviceName}","subnetIds":["{mySubnet}"]}""" },
        { "GET", "/v1/interface-endpoints/{endpoint}", null },
        { "DELETE", "/v1/interface-endpoints/{endpoint}", null },
        { "POST", "/v1/interface-endpoints/{endpoint}/enable-private-dns", "{}" },
        { "POST", "/v1/interface-endpoints/{endpoint}/disable-private-dns", "{}" },
        { "GET", "/v1/endpoint-connections?serviceId={service}", null },
        { "GET", "/v1/endpoint-connections/{endpoint}", null },
        { "POST", "/v1/endpoint-connections/{endpoint}/accept", "{}" },
        { "POST", "/v1/endpoint-connections/{endpoint}/reject", "{}" },
        { "GET", "/v1/network-interfaces/{eni}", null },
        { "PATCH", "/v1/network-interfaces/{eni}", "{}" },
        { "DELETE", "/v1/network-interfaces/{eni}", null },
        { "POST", "/v1/connection-notifications", """{"serviceId":"{service}","topicArn":"{myTopicArn}","events":["accept"]}""" },
        { "POST", "/v1/connection-notifications", """{"endpointId":"{endpoint}","topicArn":"{myTopicArn}","events":["accept"]}""" },
        { "POST", "/v1/connection-notifications", """{"serviceId":"{myService}","topicArn":"{topicArn}","events":["accept"]}""" },
        { "GET", "/v1/connection-notifications/{notification}", null },
        { "DELETE", "/v1/connection-notifications/{notification}", null },
        { "GET", "/v1/topics/secret", null },
        { "DELETE", "/v1/topics/secret", null },
        { "POST", "/v1/topics/secret/subscriptions", """{"protocol":"https","destination":"https://example.com/"}""" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_strangers_request_is_answered_as_if_the_thing_never_was(string method, string path, string? body)
    {
        var (owner, stranger, ids) = await scene.MadeAsync();
        var unused = ids.ToDictionary(p => p.Key, p => Unused(p.Value));
        var mine = new Dictionary<string, string>
        {
            ["{myVpc}"] = stranger.ProviderVpc, ["{mySubnet}"] = stranger.ProviderSubnets[0], ["{myLb}"] = stranger.LoadBalancerId, ["{myGroupArn}"] = stranger.TargetGroupArn,
            ["{myService}"] = stranger.ServiceId, ["{myServiceName}"] = stranger.ServiceName, ["{myTopicArn}"] = "arn:aws:sns:us-east-1:" + stranger.Provider + ":mine",
        };
        (await stranger.AsProvider.PostAsync("/v1/topics", new { name = "mine" })).Expect(201);

        async Task<Answer> AskAsync(Dictionary<string, string> theirs)
        {
            var answer = await Unwritten.AfterAsync(scene, () => stranger.AsProvider.SendAsync(new HttpMethod(method), Filled(path, theirs, mine), body is null ? null : Filled(body, theirs, mine)));
            return answer with { Body = theirs.OrderByDescending(id => id.Value.Length).Aggregate(answer.Body, (text, id) => text.Replace(id.Value, id.Key, StringComparison.Ordinal)) };
        }
        var (real, never) = (await AskAsync(ids), await AskAsync(unused));
        Assert.Equal(never, real);
        Assert.True(real.Status == 404 || real.Body == """{"items":[]}""", $"{real.Status}: {real.Body}");
        Assert.DoesNotContain(owner.Provider, real.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_finds_each_of_them()
    {
        var (owner, _, ids) = await scene.MadeAsync();
        foreach (var path in new[] { "/v1/vpcs/{vpc}", "/v1/subnets/{subnet}", "/v1/target-groups/{group}", "/v1/load-balancers/{lb}", "/v1/endpoint-services/{service}", "/v1/endpoint-connections/{endpoint}", "/v1/connection-notifications/{notification}", "/v1/topics/secret" })
            (await owner.AsProvider.GetAsync(Filled(path, ids))).Expect(200);
        foreach (var path in new[] { "/v1/interface-endpoints/{endpoint}", "/v1/network-interfaces/{eni}" })
            (await owner.AsConsumer.GetAsync(Filled(path, ids))).Expect(200);
    }

    [Fact]
    public async Task Lists_hold_the_callers_own_and_nothing_else()
    {
        var (owner, stranger, ids) = await scene.MadeAsync();
        foreach (var list in new[] { "vpcs", "subnets", "target-groups", "load-balancers", "endpoint-services", "endpoint-services/available", "interface-endpoints", "endpoint-connections", "network-interfaces", "topics", "connection-notifications" })
        {
            var body = (await stranger.AsProvider.GetAsync($"/v1/{list}")).Expect(200).Body;
            Assert.All(ids.Values.Append(owner.Provider).Append(owner.Consumer), secret => Assert.DoesNotContain(secret, body, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_provider_learns_who_knocks_and_nothing_of_the_consumers_network()
    {
        var (owner, _, ids) = await scene.MadeAsync();
        var body = (await owner.AsProvider.GetAsync(Filled("/v1/endpoint-connections/{endpoint}", ids))).Expect(200).Body;
        Assert.Contains(owner.Consumer, body, StringComparison.Ordinal);
        foreach (var secret in new[] { owner.ConsumerVpc, owner.ConsumerSubnets[0], ids["{eni}"], "10.0." }) Assert.DoesNotContain(secret, body, StringComparison.Ordinal);
        (await owner.AsProvider.GetAsync(Filled("/v1/interface-endpoints/{endpoint}", ids))).ExpectProblem(404, "InvalidVpcEndpointId.NotFound");
    }

    private static string Filled(string text, params IReadOnlyList<Dictionary<string, string>> values) =>
        values.SelectMany(v => v).Aggregate(text, (filled, id) => filled.Replace(id.Key, id.Value, StringComparison.Ordinal));

    /// <summary>The same form and length, and never given out: its last eight characters are drawn at random by whoever gives ids out.</summary>
    private static string Unused(string id) => id[..^8] + "00000000";
}
