using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>What is not yours does not exist: wherever a request can carry an id, another tenant's and one that was never used get the same
/// status and, the id apart, the same bytes; and nothing is stored.</summary>
public sealed partial class IsolationTests(IsolationTests.TwoTenants scene) : IClassFixture<IsolationTests.TwoTenants>
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
            var topicName = $"secret-{Guid.NewGuid():N}";
            var topic = (await owner.AsProvider.PostAsync("/v1/topics", new { name = topicName })).Expect(201)["arn"];
            var subscription = (await owner.AsProvider.PostAsync($"/v1/topics/{topicName}/subscriptions", new { protocol = "https", destination = "https://example.com/" })).Expect(201)["id"];
            (await stranger.AsProvider.PostAsync("/v1/topics", new { name = "mine" })).Expect(201);
            var notification = (await owner.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = owner.ServiceId, topicArn = topic, events = new[] { "accept" } })).Expect(201)["id"];
            return (owner, stranger, new Dictionary<string, string>
            {
                ["{vpc}"] = owner.ProviderVpc, ["{subnet}"] = owner.ProviderSubnets[0], ["{group}"] = owner.TargetGroup, ["{groupArn}"] = owner.TargetGroupArn,
                ["{lb}"] = owner.LoadBalancerId, ["{lbArn}"] = owner.LoadBalancerArn, ["{service}"] = owner.ServiceId, ["{serviceName}"] = owner.ServiceName,
                ["{endpoint}"] = (string)endpoint["id"]!, ["{eni}"] = (string)endpoint["networkInterfaces"]![0]!["id"]!, ["{topicArn}"] = topic, ["{topic}"] = topicName, ["{subscription}"] = subscription,
                ["{notification}"] = notification,
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
        { "GET", "/v1/topics/{topic}", null },
        { "DELETE", "/v1/topics/{topic}", null },
        { "POST", "/v1/topics/{topic}/subscriptions", """{"protocol":"https","destination":"https://example.com/"}""" },
        { "DELETE", "/v1/topics/{topic}/subscriptions/{subscription}", null },
        { "DELETE", "/v1/topics/{myTopic}/subscriptions/{subscription}", null },
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
            ["{myService}"] = stranger.ServiceId, ["{myServiceName}"] = stranger.ServiceName, ["{myTopicArn}"] = "arn:aws:sns:us-east-1:" + stranger.Provider + ":mine", ["{myTopic}"] = "mine",
        };

        async Task<Answer> AskAsync(Dictionary<string, string> theirs)
        {
            var answer = await Unwritten.AfterAsync(scene, () => stranger.AsProvider.SendAsync(new HttpMethod(method), Filled(path, theirs, mine), body is null ? null : Filled(body, theirs, mine)));
            return answer with { Body = theirs.OrderByDescending(id => id.Value.Length).Aggregate(answer.Body, (text, id) => text.Replace(id.Value, id.Key, StringComparison.Ordinal)) };
        }
        var (real, never) = (await AskAsync(ids), await AskAsync(unused));
        Assert.Equal(never, real);
        Assert.True(real.Status is 404 or 204 || real.Body == """{"items":[]}""", $"{real.Status}: {real.Body}"); // 204: gone already, as ever so often
        Assert.DoesNotContain(owner.Provider, real.Body, StringComparison.Ordinal);
    }

    /// <summary>By the API description: a route that comes to it and takes an id is asked about above, or is closed to every tenant.</summary>
    [Fact]
    public async Task Every_id_that_a_tenant_can_send_is_asked_about()
    {
        var asked = Requests.SelectMany(r => Carriers(r.Data.Item1, r.Data.Item2, r.Data.Item3)).ToHashSet();
        Assert.Superset(asked, Operations.SelectMany(o => o.Carriers).ToHashSet()); // no row is about something that is not there
        var (_, stranger, _) = await scene.MadeAsync();
        foreach (var (method, path, carriers) in Operations.Where(o => o.Carriers.Except(asked).Any()))
        {
            var answer = await stranger.AsProvider.SendAsync(new HttpMethod(method), PlaceholderPattern().Replace(path, "1"), method is "POST" or "PATCH" ? new { } : null);
            Assert.True(answer is { Status: 403, Code: "RoleNotPermitted" }, $"no row of {nameof(Requests)} is about {string.Join(" and ", carriers.Except(asked))}");
        }
    }

    [Fact]
    public async Task The_owner_finds_each_of_them()
    {
        var (owner, _, ids) = await scene.MadeAsync();
        foreach (var path in new[] { "/v1/vpcs/{vpc}", "/v1/subnets/{subnet}", "/v1/target-groups/{group}", "/v1/load-balancers/{lb}", "/v1/endpoint-services/{service}", "/v1/endpoint-connections/{endpoint}", "/v1/connection-notifications/{notification}", "/v1/topics/{topic}" })
            (await owner.AsProvider.GetAsync(Filled(path, ids))).Expect(200);
        foreach (var path in new[] { "/v1/interface-endpoints/{endpoint}", "/v1/network-interfaces/{eni}" })
            (await owner.AsConsumer.GetAsync(Filled(path, ids))).Expect(200);
    }

    [Fact]
    public async Task Lists_hold_the_callers_own_and_nothing_else()
    {
        var (owner, stranger, ids) = await scene.MadeAsync();
        var lists = Operations.Where(o => o.Method == "GET" && !o.Path.Contains('{', StringComparison.Ordinal)).Select(o => o.Path).ToList();
        Assert.True(lists.Count > 10, $"only {lists.Count} lists");
        foreach (var list in lists)
        {
            var body = (await stranger.AsProvider.GetAsync(list)).Expect(200).Body;
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

    /// <summary>The operations of the committed description, each with the ids it takes: "PATCH /v1/vpcs/{vpcId} vpcId".</summary>
    private static readonly (string Method, string Path, IReadOnlyList<string> Carriers)[] Operations = [.. ReadOperations(JsonNode.Parse(File.ReadAllText(Path.Combine(ControlPlaneFixture.Root, "src", "ControlPlane", "openapi.json")))!)];

    private static IEnumerable<(string, string, IReadOnlyList<string>)> ReadOperations(JsonNode document)
    {
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (verb, operation) in operations!.AsObject())
            {
                var parameters = (operation!["parameters"]?.AsArray() ?? []).Where(p => (string)p!["in"]! == "path" ? (string)p["name"]! != "port" : IsId((string)p["name"]!)).Select(p => (string)p!["name"]!);
                var body = (string?)operation["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"] is { } schema
                    ? document["components"]!["schemas"]![schema.Split('/')[^1]]!["properties"]!.AsObject().Select(p => p.Key).Where(IsId) : [];
                var method = verb.ToUpperInvariant();
                yield return (method, path, [.. parameters.Concat(body).Select(name => $"{method} {path} {name}")]);
            }
    }

    private static bool IsId(string name) => IdPattern().IsMatch(name);

    /// <summary>Which of the description's ids a row fills with somebody else's.</summary>
    private static IEnumerable<string> Carriers(string method, string path, string? body)
    {
        var (route, query) = path.Split('?') is [var before, var after] ? (before, after) : (path, "");
        var template = Operations.Single(o => o.Method == method && Regex.IsMatch(route, $"^{PlaceholderPattern().Replace(o.Path, "[^/]+")}$")).Path;
        var segments = template.Split('/').Zip(route.Split('/')).Where(s => IsTheirs(s.Second)).Select(s => s.First.Trim('{', '}'));
        var queried = query.Split('&').Where(IsTheirs).Select(q => q.Split('=')[0]);
        var fields = body is null ? [] : JsonNode.Parse(body)!.AsObject().Where(f => IsTheirs(f.Value!.ToJsonString())).Select(f => f.Key);
        return segments.Concat(queried).Concat(fields).Select(name => $"{method} {template} {name}");
    }

    private static bool IsTheirs(string text) => PlaceholderPattern().Matches(text).Any(m => !m.Value.StartsWith("{my", StringComparison.Ordinal));

    [GeneratedRegex(@"\{[A-Za-z]+\}")] private static partial Regex PlaceholderPattern();
    [GeneratedRegex("(?:Id|Arn)s?$|^serviceName$")] private static partial Regex IdPattern();

    private static string Filled(string text, params IReadOnlyList<Dictionary<string, string>> values) =>
        values.SelectMany(v => v).Aggregate(text, (filled, id) => filled.Replace(id.Key, id.Value, StringComparison.Ordinal));

    /// <summary>The same form and length, and never given out: its last eight characters are drawn at random by whoever gives ids out.</summary>
    private static string Unused(string id) => id[..^8] + "00000000";
}
