using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// Turns agents' reports into commands on endpoints: "this zone does what the plan says" or "the door is gone from it". A zone is ready
/// when <em>one</em> agent with a live lease is at the revision that last changed any of the endpoint's entries there, and those entries are
/// what the endpoint wants now: until a newer wish is planned, no report says anything about it. The commands are decided against current
/// state, so a late report for a deleted endpoint is refused by the same law as everything else.
/// </summary>
public sealed class ZoneReadiness(NpgsqlDataSource database, CrossTenant crossTenant, CommandHandling commands, WalkLog walk, TimeProvider time)
{
    /// <summary>Tells endpoints whose newest change in the zone lies in (<paramref name="after"/>, <paramref name="upTo"/>]; false when some have
    /// a wish that is not planned yet, so that nothing could be told.</summary>
    public async Task<bool> ReachedAsync(string zoneId, string agentId, long after, long upTo, IReadOnlyCollection<string> troubledKeys, CancellationToken ct)
    {
        if (after >= upTo) return true;
        var owners = await OwnersAsync("""
            select owner from app.plan_entry where zone = $1 and owner like 'vpce-%' and revision > $2
            group by owner having max(revision) <= $3 and not bool_or(key = any($4))
            """, ct, zoneId, after, upTo, troubledKeys.ToArray());
        var told = 0;
        foreach (var batch in owners.Chunk(500))
            foreach (var endpoint in await PlannedAsync(batch, ct))
            {
                await TellAsync(endpoint, zoneId, agentId, upTo, ct);
                told++;
            }
        return told == owners.Count;
    }

    /// <summary>Asks again for endpoints in zones where their plan did not change: the reports that made them ready are in already.</summary>
    public async Task ReconsiderAsync(IReadOnlyList<string> endpointIds, Func<string, string, bool> isAsBefore, CancellationToken ct)
    {
        if (endpointIds.Count == 0) return;
        foreach (var endpoint in await PlannedAsync(endpointIds, ct))
            foreach (var zone in endpoint.ZoneIds.Where(z => isAsBefore(endpoint.Id, z)))
                if (await AgentAtAsync(endpoint.Id, zone, ct) is var (agent, revision)) await TellAsync(endpoint, zone, agent, revision, ct);
    }

    private async Task TellAsync(InterfaceEndpoint endpoint, string zoneId, string agentId, long revision, CancellationToken ct)
    {
        object? command =
            endpoint.Accepted && endpoint.ZoneIds.Contains(zoneId) && !endpoint.DeployedZoneIds.Contains(zoneId) ? new ReportZoneDeployed(zoneId, agentId, revision, time.GetUtcNow())
            : !endpoint.InPlan && endpoint.HoldingZoneIds.Contains(zoneId) ? new ReportZoneWithdrawn(zoneId, time.GetUtcNow())
            : null;
        if (command is null) return;
        walk.Reported(endpoint.Id, zoneId, agentId, revision);
        await commands.HandleAsync<InterfaceEndpoint>(endpoint.Consumer, endpoint.Id, command.GetType().Name,
            e => Task.FromResult(e?.Wish == endpoint.Wish ? InterfaceEndpointDecider.Decide(e, command) : Decision.Nothing), ct);
    }

    /// <summary>Those of the endpoints whose newest wish is planned.</summary>
    private async Task<IEnumerable<InterfaceEndpoint>> PlannedAsync(IReadOnlyList<string> endpointIds, CancellationToken ct)
    {
        var endpoints = await crossTenant.EndpointsAsync(endpointIds, ct);
        await using var command = database.CreateCommand("select endpoint, wish from app.planned_wish where endpoint = any($1)");
        command.Parameters.Add(new() { Value = endpointIds.ToArray() });
        var planned = new Dictionary<string, int>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) planned[reader.GetString(0)] = reader.GetInt32(1);
        return endpoints.Where(e => planned.GetValueOrDefault(e.Id, -1) == e.Wish);
    }

    /// <summary>An agent with a live lease that is past everything the endpoint has in the zone; null when there is none.</summary>
    private async Task<(string Agent, long Revision)?> AgentAtAsync(string endpointId, string zoneId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select l.agent, l.revision from app.agent_lease l join app.zone_revision z on z.zone = l.zone and z.epoch::text = l.epoch
            where l.zone = $1 and l.expires_at > $3 and l.revision >= coalesce((select max(revision) from app.plan_entry where zone = $1 and owner = $2), 0)
            order by l.revision desc limit 1
            """);
        foreach (var value in new object[] { zoneId, endpointId, time.GetUtcNow() }) command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetString(0), reader.GetInt64(1)) : null;
    }

    private async Task<IReadOnlyList<string>> OwnersAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        var owners = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) owners.Add(reader.GetString(0));
        return owners;
    }
}
