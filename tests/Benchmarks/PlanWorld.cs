using System.Text.Json;
using Npgsql;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>One zone that fills with doors: a service that accepts by itself for the crowd, and one with acceptance for the changes to measure.</summary>
public sealed class PlanWorld
{
    private readonly Bed _bed;
    private readonly BedApi _provider, _consumer;
    private string _crowdService = "", _measuredService = "", _measuredVpc = "", _measuredSubnet = "";
    private int _doors, _measured;

    private PlanWorld(Bed bed) => (_bed, _provider, _consumer) = (bed, bed.As("provider"), bed.As("consumer"));

    public static async Task<PlanWorld> MakeAsync(Bed bed)
    {
        var world = new PlanWorld(bed);
        var (vpc, subnet) = await NetworkAsync(world._provider);
        world._crowdService = await world.ServiceAsync("crowd", vpc, subnet, acceptanceRequired: false);
        world._measuredService = await world.ServiceAsync("measured", vpc, subnet, acceptanceRequired: true);
        return world;
    }

    /// <summary>Adds accepted endpoints until the zone has this many doors.</summary>
    public async Task GrowAsync(int doors, int endpointsPerVpc)
    {
        while (_doors < doors)
        {
            var (vpc, subnet) = await NetworkAsync(_consumer);
            var count = Math.Min(endpointsPerVpc, doors - _doors);
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await RequestAsync(vpc, subnet, _crowdService));
            _doors += count;
        }
    }

    /// <summary>Accepts one endpoint; milliseconds from its event to the agent having applied it.</summary>
    /// <param name="keeper">The agent's: it tells of every turn.</param>
    /// <param name="table">The relay table that the agent has in force now.</param>
    public async Task<double> ChangeAsync(PlanKeeper keeper, Func<RelayTable> table)
    {
        if (_measured++ % 40 == 0) (_measuredVpc, _measuredSubnet) = await NetworkAsync(_consumer);
        var id = await RequestAsync(_measuredVpc, _measuredSubnet, _measuredService);
        await Task.Delay(150); // let what the request itself brings settle: only the accept is to be measured
        var applied = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Changed()
        {
            var now = DateTimeOffset.UtcNow; // before the looking, which takes longer in a large zone
            if (table().Doors.Values.Any(door => door.EndpointId == id)) applied.TrySetResult(now);
        }
        keeper.Changed += Changed;
        await _provider.PostAsync($"/v1/endpoint-connections/{id}/accept", new { });
        var at = await applied.Task.WaitAsync(TimeSpan.FromSeconds(30));
        keeper.Changed -= Changed;
        await using var database = NpgsqlDataSource.Create(_bed.ConnectionString);
        await using var command = database.CreateCommand("select timestamp from plc.mt_events where stream_id = $1 and type = 'endpoint_connection_accepted'");
        command.Parameters.Add(new() { Value = id });
        return (at - new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync())!)).TotalMilliseconds;
    }

    private async Task<string> RequestAsync(string vpc, string subnet, string service) =>
        Text(await _consumer.PostAsync("/v1/interface-endpoints", new { vpcId = vpc, serviceName = service, subnetIds = new[] { subnet } }), "id");

    private static async Task<(string Vpc, string Subnet)> NetworkAsync(BedApi tenant)
    {
        var vpc = Text(await tenant.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }), "id");
        return (vpc, Text(await tenant.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = "10.0.0.0/20", availabilityZone = Bed.ZoneName }), "id"));
    }

    private async Task<string> ServiceAsync(string name, string vpc, string subnet, bool acceptanceRequired)
    {
        var group = await _provider.PostAsync("/v1/target-groups", new { name, vpcId = vpc, port = 80 });
        await _provider.PostAsync($"/v1/target-groups/{Text(group, "id")}/register-targets", new { targets = new[] { new { address = "10.0.15.200" } } });
        var loadBalancer = await _provider.PostAsync("/v1/load-balancers", new { name, subnetIds = new[] { subnet } });
        await _provider.PostAsync($"/v1/load-balancers/{Text(loadBalancer, "id")}/listeners", new { port = 80, targetGroupArn = Text(group, "arn") });
        var service = await _provider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { Text(loadBalancer, "arn") }, acceptanceRequired });
        await _provider.PostAsync($"/v1/endpoint-services/{Text(service, "id")}/allowed-principals", new { add = new[] { $"arn:aws:iam::{Bed.Consumer}:root" } });
        return Text(service, "name");
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
