using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// Turns agents' reports into commands on endpoints: "this zone does what the plan says" or "the door is gone from it". A zone is ready
/// when <em>one</em> agent with a live lease is at the revision that last changed any of the endpoint's entries there. The commands are
/// decided against current state, so a late report for a deleted endpoint is refused by the same law as everything else.
/// </summary>
public sealed class ZoneReadiness(NpgsqlDataSource database, CrossTenant crossTenant, CommandHandling commands, WalkLog walk, TimeProvider time)
{
    /// <summary>Endpoints whose newest change in the zone lies in (<paramref name="after"/>, <paramref name="upTo"/>].</summary>
    public async Task ReachedAsync(string zoneId, string agentId, long after, long upTo, IReadOnlyCollection<string> troubledKeys, CancellationToken ct)
    {
        var owners = await OwnersAsync("""
            select owner from app.plan_entry where zone = $1 and owner like 'vpce-%' and revision > $2
            group by owner having max(revision) <= $3 and not bool_or(key = any($4))
            """, ct, zoneId, after, upTo, troubledKeys.ToArray());
        foreach (var batch in owners.Chunk(500))
            foreach (var endpoint in await crossTenant.EndpointsAsync(batch, ct))
                await TellAsync(endpoint, zoneId, agentId, upTo, ct);
    }

    /// <summary>Asks again for endpoints whose plan did not change: the reports that made them ready are in already.</summary>
    public async Task ReconsiderAsync(IReadOnlyList<string> endpointIds, CancellationToken ct)
    {
        if (endpointIds.Count == 0) return;
        foreach (var endpoint in await crossTenant.EndpointsAsync(endpointIds, ct))
            foreach (var zone in endpoint.ZoneIds)
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
        await commands.HandleAsync<InterfaceEndpoint>(endpoint.Consumer, endpoint.Id, command.GetType().Name, e => Task.FromResult(InterfaceEndpointDecider.Decide(e, command)), ct);
    }

    /// <summary>An agent with a live lease that is past everything the endpoint has in the zone; null when there is none.</summary>
    private async Task<(string Agent, long Revision)?> AgentAtAsync(string endpointId, string zoneId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select l.agent, l.revision from app.agent_lease l join app.zone_revision z on z.zone = l.zone and z.epoch = l.epoch
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
