using System.Net.Http.Json;
using System.Text.Json.Nodes;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>States are reached by the API's own commands; each step builds on the one before. Accounts and zones are new for each world,
/// so that worlds share a database without meeting.</summary>
public sealed class World(ControlPlaneFixture fixture)
{
    private static int _number;
    private readonly int _id = Interlocked.Increment(ref _number);
    private Uri _url = fixture.Url;

    /// <summary>The same world through another control plane.</summary>
    public World At(Uri url)
    {
        _url = url;
        return this;
    }

    public string Provider => $"1{_id:D11}";
    public string Consumer => $"2{_id:D11}";
    public string[] Zones { get; } = ["use1-az1", "use1-az2"];
    public ApiClient AsProvider => fixture.As(fixture.Issuer.Tenant(Provider), _url);
    public ApiClient AsConsumer => fixture.As(fixture.Issuer.Tenant(Consumer), _url);
    public ControlPlaneFixture Fixture => fixture;

    public string ProviderVpc { get; private set; } = "";
    public string ConsumerVpc { get; private set; } = "";
    public string[] ConsumerSubnets { get; private set; } = [];
    public string[] ProviderSubnets { get; private set; } = [];
    public string LoadBalancerArn { get; private set; } = "";
    public string LoadBalancerId => LoadBalancerArn[(LoadBalancerArn.LastIndexOf('/') + 1)..];
    public string TargetGroup { get; private set; } = "";
    public string TargetGroupArn { get; private set; } = "";
    public string ServiceId { get; private set; } = "";
    public string ServiceName { get; private set; } = "";

    /// <summary>Two registered tenants, each with a VPC 10.0.0.0/16 and a subnet in both zones.</summary>
    public async Task<World> NetworksAsync()
    {
        var platform = fixture.As(fixture.Issuer.PlatformOperator(), _url);
        (await platform.PostAsync("/v1/regions", new { region = "us-east-1" })).Expect(201);
        foreach (var zone in Zones) (await platform.PostAsync("/v1/regions/us-east-1/zones", new { zoneId = zone })).Expect(201);
        (await platform.PostAsync("/v1/tenants", new { account = Provider, name = "provider", zoneIds = Zones })).Expect(201);
        (await platform.PostAsync("/v1/tenants", new { account = Consumer, name = "consumer", zoneIds = Zones.Reverse() })).Expect(201);
        (ProviderVpc, ProviderSubnets) = await VpcAsync(AsProvider);
        (ConsumerVpc, ConsumerSubnets) = await VpcAsync(AsConsumer);
        return this;
    }

    public async Task<World> ServiceAsync(bool acceptanceRequired = true, int providerZones = 2)
    {
        await NetworksAsync();
        var group = (await AsProvider.PostAsync("/v1/target-groups", new { name = "web", vpcId = ProviderVpc, port = 80, healthCheck = new { intervalSeconds = 1, timeoutSeconds = 1, healthyThreshold = 2, unhealthyThreshold = 2 } })).Expect(201);
        (TargetGroup, TargetGroupArn) = (group["id"], group["arn"]);
        (await AsProvider.PostAsync($"/v1/target-groups/{TargetGroup}/register-targets", new { targets = new[] { new { address = "10.0.1.100" }, new { address = "10.0.2.100" } } })).Expect(200);
        var lb = (await AsProvider.PostAsync("/v1/load-balancers", new { name = "front", subnetIds = ProviderSubnets.Take(providerZones) })).Expect(201);
        LoadBalancerArn = lb["arn"];
        (await AsProvider.PostAsync($"/v1/load-balancers/{lb["id"]}/listeners", new { port = 80, targetGroupArn = group["arn"] })).Expect(201);
        var service = (await AsProvider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { LoadBalancerArn }, acceptanceRequired })).Expect(201);
        (ServiceId, ServiceName) = (service["id"], service["name"]);
        (await AsProvider.PostAsync($"/v1/endpoint-services/{ServiceId}/allowed-principals", new { add = new[] { $"arn:aws:iam::{Consumer}:root" } })).Expect(200);
        return this;
    }

    public async Task<Answer> RequestAsync(string? key = null, bool privateDns = false) =>
        (await AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = ConsumerVpc, serviceName = ServiceName, subnetIds = ConsumerSubnets, privateDnsEnabled = privateDns }, key)).Expect(201);

    /// <summary>A /28 of the consumer's: 11 addresses, in a zone the service has.</summary>
    public async Task<string> SmallSubnetAsync()
    {
        var zone = (await AsConsumer.GetAsync($"/v1/subnets/{ConsumerSubnets[0]}")).Expect(200)["availabilityZone"];
        return (await AsConsumer.PostAsync("/v1/subnets", new { vpcId = ConsumerVpc, cidr = "10.0.200.0/28", availabilityZone = zone })).Expect(201)["id"];
    }

    public async Task<string> AcceptedAsync()
    {
        var id = (await RequestAsync())["id"];
        (await AsProvider.PostAsync($"/v1/endpoint-connections/{id}/accept")).Expect(200);
        return id;
    }

    public async Task<string> StateAsync(string endpoint) => (await AsConsumer.GetAsync($"/v1/interface-endpoints/{endpoint}")).Expect(200)["state"];

    public Task EventuallyAsync(string endpoint, string state) => Eventually.TrueAsync(async () => await StateAsync(endpoint) == state, $"{endpoint} to be {state}");

    /// <summary>Plays one zone's agent: fetches the whole plan and reports its revision. Returns the plan.</summary>
    public async Task<ZonePlan> AgentReportsAsync(string zone, int leaseSeconds = 30, string agent = "agent-1", IReadOnlyList<TargetHealthSeen>? targets = null)
    {
        using var http = new HttpClient { BaseAddress = _url };
        http.DefaultRequestHeaders.Authorization = new("Bearer", fixture.Issuer.Agent(zone));
        var plan = (await http.GetFromJsonAsync<ZonePlan>($"/v1/zones/{zone}/plan", WireJson.Tolerant, TestContext.Current.CancellationToken))!;
        using var answer = await http.PostAsJsonAsync($"/v1/zones/{zone}/reports", new ZoneReport { AgentId = agent, Epoch = plan.Epoch, Revision = plan.Revision, LeaseSeconds = leaseSeconds, Targets = targets ?? [] }, WireJson.Tolerant, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return plan;
    }

    /// <summary>Until the zone's plan holds (or no longer holds) an entry about the endpoint.</summary>
    public Task PlannedAsync(string endpoint, string zone, bool there = true, double seconds = 15) =>
        Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>($"select count(*) from app.plan_entry where zone = '{zone}' and owner = '{endpoint}' and not deleted") > 0 == there, $"{endpoint} {(there ? "in" : "out of")} the plan of {zone}", seconds);

    private async Task<(string Vpc, string[] Subnets)> VpcAsync(ApiClient tenant)
    {
        var vpc = (await tenant.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" })).Expect(201)["id"];
        var zones = (await tenant.GetAsync("/v1/zones")).Expect(200).Json["items"]!.AsArray().ToDictionary(z => (string)z!["zoneId"]!, z => (string)z!["zoneName"]!);
        var subnets = new List<string>();
        for (var i = 0; i < Zones.Length; i++)
            subnets.Add((await tenant.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = $"10.0.{i + 1}.0/24", availabilityZone = zones[Zones[i]] })).Expect(201)["id"]);
        return (vpc, [.. subnets]);
    }
}
