using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>Which agents are alive and how far they are. Leases are rows, not events: only what follows from them is a fact.</summary>
public sealed class ZoneLeases(NpgsqlDataSource database, ZoneReadiness readiness, CrossTenant crossTenant, CommandHandling commands, EndpointTimes times, TimeProvider time)
{
    /// <summary>Takes a report in. The lease is written last: a crash before it makes the agent's repetition do the work again.</summary>
    public async Task ReportAsync(string zoneId, ZoneReport report, CancellationToken ct)
    {
        var current = await EpochAsync(zoneId, ct);
        if (current == report.Epoch)
        {
            var before = await IsAliveAsync(zoneId, ct) ? await RevisionOfAsync(zoneId, report, ct) : -1;
            var troubled = report.Troubles.Select(t => t.Key).ToArray();
            var all = await readiness.ReachedAsync(zoneId, report.AgentId, before, report.Revision, troubled, ct);
            await RenewAsync(zoneId, report, ct);
            // After the lease, or the clock would find a living zone without one. A zone that was marked dead meanwhile has told its endpoints so.
            if (await RevivedAsync(zoneId, ct)) before = -1;
            else if (all) before = report.Revision;
            // Whoever plans a wish from now on finds the lease; what was planned since the first look is found here.
            await readiness.ReachedAsync(zoneId, report.AgentId, before, report.Revision, troubled, ct);
        }
        await StoreHealthAsync(zoneId, report, ct);
    }

    /// <summary>
    /// Zones of which the last lease ran out since the last look: their endpoints are told, and then the zone is marked dead, unless an agent has
    /// reported meanwhile; then its endpoints are asked again. A crash in between is made good at the next look, which finds the same.
    /// </summary>
    public async Task ExpireAsync(CancellationToken ct)
    {
        const string Dead = "alive and not exists (select from app.agent_lease l where l.zone = z.zone and l.expires_at > $1)";
        foreach (var zone in await ColumnAsync($"select zone from app.zone_alive z where {Dead}", ct, time.GetUtcNow()))
        {
            var told = await TellLostAsync(zone, ct);
            var marked = await ColumnAsync($"update app.zone_alive z set alive = false where zone = $2 and {Dead} returning zone", ct, time.GetUtcNow(), zone);
            if (marked.Count == 0) await readiness.ReconsiderAsync(told, (_, z) => z == zone, ct);
        }
    }

    private async Task<IReadOnlyList<string>> TellLostAsync(string zone, CancellationToken ct)
    {
        var told = new List<string>();
        foreach (var batch in (await ColumnAsync("select distinct owner from app.plan_entry where zone = $1 and owner like 'vpce-%' and not deleted", ct, zone)).Chunk(500))
            foreach (var endpoint in (await crossTenant.EndpointsAsync(batch, ct)).Where(e => e.DeployedZoneIds.Contains(zone)))
            {
                await commands.HandleAsync<InterfaceEndpoint>(endpoint.Consumer, endpoint.Id, nameof(ReportZoneLost),
                    e => Task.FromResult(InterfaceEndpointDecider.Decide(e, new ReportZoneLost(zone, times, time.GetUtcNow()))), ct);
                told.Add(endpoint.Id);
            }
        return told;
    }

    private async Task<string> EpochAsync(string zoneId, CancellationToken ct) => await ColumnAsync("select epoch::text from app.zone_revision where zone = $1", ct, zoneId) is [var epoch] ? epoch : "none";

    private async Task<bool> IsAliveAsync(string zoneId, CancellationToken ct) => (await ColumnAsync("select zone from app.zone_alive where zone = $1 and alive", ct, zoneId)).Count > 0;

    /// <summary>True when the zone was not alive before.</summary>
    private async Task<bool> RevivedAsync(string zoneId, CancellationToken ct) =>
        (await ColumnAsync("insert into app.zone_alive as z (zone, alive) values ($1, true) on conflict (zone) do update set alive = true where not z.alive returning zone", ct, zoneId)).Count > 0;

    private async Task<long> RevisionOfAsync(string zoneId, ZoneReport report, CancellationToken ct)
    {
        // An agent whose lease ran out starts from zero again: the zone may have been told "lost" meanwhile.
        var rows = await ColumnAsync("select revision::text from app.agent_lease where zone = $1 and agent = $2 and epoch = $3 and expires_at > $4", ct, zoneId, report.AgentId, report.Epoch, time.GetUtcNow());
        // Troubles of the last report may be cured without a new revision: look at everything again while there are, or were, any.
        return rows.Count == 0 || report.Troubles.Count > 0 ? -1 : long.Parse(rows[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task RenewAsync(string zoneId, ZoneReport report, CancellationToken ct) => await ColumnAsync("""
        insert into app.agent_lease (zone, agent, epoch, revision, expires_at) values ($1, $2, $3, $4, $5)
        on conflict (zone, agent) do update set epoch = excluded.epoch, revision = excluded.revision, expires_at = excluded.expires_at
        """, ct, zoneId, report.AgentId, report.Epoch, report.Troubles.Count == 0 ? report.Revision : -1L, time.GetUtcNow().AddSeconds(report.LeaseSeconds));

    private async Task StoreHealthAsync(string zoneId, ZoneReport report, CancellationToken ct)
    {
        foreach (var target in report.Targets)
            await ColumnAsync("""
                insert into app.target_health (zone, target_group, address, port, state, reason, agent, seen_at) values ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8)
                on conflict (zone, target_group, address, port) do update set state = excluded.state, reason = excluded.reason, agent = excluded.agent, seen_at = excluded.seen_at
                """, ct, zoneId, target.TargetGroupKey, target.Address, target.Port, target.State, target.Reason ?? "", report.AgentId, time.GetUtcNow());
    }

    private async Task<IReadOnlyList<string>> ColumnAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        var column = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) column.Add(reader.GetString(0));
        return column;
    }
}
