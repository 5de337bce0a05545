using System.Text.Json;
using Marten;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Domain.Zones;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>Planned entries point to keys the zone's plan does not hold, whoever is asked. The page is rolled back: such a plan is never published.</summary>
public sealed class PlanDanglesException(IEnumerable<string> keys) : Exception($"The plan would dangle: {string.Join(", ", keys)}.");

/// <summary>What one page of events changed: zone → new revision, and owner → how many of its entries changed there.</summary>
public sealed record PlanChange(string ZoneId, string Epoch, long Revision, IReadOnlyDictionary<string, int> Owners);

/// <summary>
/// Puts owners' entries into their zones' plans. The lock on the zone's row makes one writer per zone, so revisions are seen in the order
/// they are given; a revision is spent only when a row really changed. Commits together with the subscription's progress.
/// Documents may be ahead of the page (a listener whose event comes next is in its load balancer already), so an entry may point to
/// something that is not planned yet: then its owner is planned here and now as well, until nothing dangles.
/// </summary>
public sealed class PlanWriter(IReadOnlyList<OwnedEntries> page, PlanFacts facts, int tombstonesKept) : ITransactionParticipant
{
    /// <summary>Endpoint → node → target group → network: the longest chain of pointers, and one to spare.</summary>
    private const int RoundsMax = 5;

    /// <summary>Filled when the transaction ran; cleared first, because Marten may run it again.</summary>
    public List<PlanChange> Changes { get; } = [];

    public async Task BeforeCommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
    {
        Changes.Clear();
        var zones = new SortedDictionary<string, (string Epoch, long Revision, Dictionary<string, int> Changed)>(StringComparer.Ordinal);
        var planned = page;
        for (var round = 1; planned.Count > 0; round++)
        {
            var dangling = await WriteAllAsync(connection, zones, planned, token);
            if (dangling.Count == 0) break;
            if (round == RoundsMax) throw new PlanDanglesException(dangling.Select(d => d.Key));
            // Also those of the page itself: each was planned from the documents of its own moment, and the page's moments differ.
            planned = await facts.PlanAsync(dangling.SelectMany(d => new[] { d.Owner, PlanOwners.OfKey(d.Key) }).OfType<string>().Distinct(), token);
        }
        await RunAsync(connection, """
            insert into app.planned_wish (endpoint, wish) select * from unnest($1::text[], $2::int[])
            on conflict (endpoint) do update set wish = excluded.wish
            """, token, page.Where(p => p.Wish is not null).Select(p => p.Owner).ToArray(), page.Where(p => p.Wish is not null).Select(p => p.Wish!.Value).ToArray());
        foreach (var (zone, (epoch, revision, changed)) in zones.Where(z => z.Value.Changed.Count > 0))
        {
            await RunAsync(connection, "update app.zone_revision set revision = $2 where zone = $1", token, zone, revision);
            if (revision % Math.Max(1, tombstonesKept / 10) == 0) await ForgetAsync(connection, zone, token);
            Changes.Add(new PlanChange(zone, epoch, revision, changed));
        }
    }

    /// <summary>Lets go of the oldest tombstones, beyond those to be kept. Not of an endpoint's whose door the zone may still hold: from them it
    /// is learnt that the door has gone. Now and then only: it looks at all of them.</summary>
    private Task ForgetAsync(NpgsqlConnection connection, string zone, CancellationToken ct) => RunAsync(connection, """
        with oldest_kept as (select revision from app.plan_entry where zone = $1 and deleted order by revision desc offset $2 - 1 limit 1),
             gone as (delete from app.plan_entry e using oldest_kept k where e.zone = $1 and e.deleted and e.revision < k.revision
                      and not exists (select from plc.mt_doc_interfaceendpoint d where d.id = e.owner and d.data -> 'holdingZoneIds' ? $1) returning e.revision)
        update app.zone_revision set horizon = (select max(revision) from gone) where zone = $1 and exists (select from gone)
        """, ct, zone, Math.Max(1, tombstonesKept));

    /// <summary>Writes the owners' entries in every zone they have or had any; returns what dangles.</summary>
    private static async Task<IReadOnlyList<(string Owner, string Key)>> WriteAllAsync(NpgsqlConnection connection, SortedDictionary<string, (string Epoch, long Revision, Dictionary<string, int> Changed)> zones, IReadOnlyList<OwnedEntries> planned, CancellationToken ct)
    {
        var dangling = new List<(string, string)>();
        foreach (var zone in await ZonesAsync(connection, planned, ct))
        {
            if (!zones.TryGetValue(zone, out var head)) zones[zone] = head = await LockAsync(connection, zone, ct);
            foreach (var (owner, entries) in await WriteAsync(connection, zone, head.Revision, planned, ct)) head.Changed[owner] = head.Changed.GetValueOrDefault(owner) + entries;
        }
        foreach (var (zone, head) in zones.Where(z => z.Value.Changed.Count > 0)) dangling.AddRange(await DanglingAsync(connection, zone, head.Revision, ct));
        return dangling;
    }

    private static async Task<IReadOnlyList<string>> ZonesAsync(NpgsqlConnection connection, IReadOnlyList<OwnedEntries> planned, CancellationToken ct)
    {
        var zones = planned.SelectMany(p => p.Entries).Select(e => e.ZoneId).ToHashSet();
        await using var command = new NpgsqlCommand("select distinct zone from app.plan_entry where owner = any($1) and not deleted", connection) { Parameters = { new() { Value = planned.Select(p => p.Owner).ToArray() } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) zones.Add(reader.GetString(0));
        return [.. zones.Order(StringComparer.Ordinal)]; // always in this order: two writers cannot wait for each other
    }

    /// <summary>Locks the zone's row; the revision returned is the one to give to what changes.</summary>
    private static async Task<(string Epoch, long Revision, Dictionary<string, int> Changed)> LockAsync(NpgsqlConnection connection, string zone, CancellationToken ct)
    {
        await RunAsync(connection, "insert into app.zone_revision (zone) values ($1) on conflict do nothing", ct, zone);
        await using var command = new NpgsqlCommand("select epoch::text, revision from app.zone_revision where zone = $1 for update", connection) { Parameters = { new() { Value = zone } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return (reader.GetString(0), reader.GetInt64(1) + 1, []);
    }

    /// <summary>Returns the owners of which rows changed, and how many.</summary>
    private static async Task<IReadOnlyList<(string Owner, int Entries)>> WriteAsync(NpgsqlConnection connection, string zone, long revision, IReadOnlyList<OwnedEntries> planned, CancellationToken ct)
    {
        var rows = (from plan in planned from e in plan.Entries where e.ZoneId == zone select (plan.Owner, e.Entry)).ToList();
        await using var command = new NpgsqlCommand("""
            with wanted as (
                select * from unnest($3::text[], $4::text[], $5::text[], $6::text[]) as w (key, owner, body, refs)
            ), put as (
                insert into app.plan_entry as p (zone, key, owner, revision, body, refs)
                select $1, key, owner, $2, body::jsonb, string_to_array(refs, chr(10)) from wanted
                on conflict (zone, key) do update set owner = excluded.owner, revision = excluded.revision, body = excluded.body, refs = excluded.refs, deleted = false
                where (p.body, p.deleted) is distinct from (excluded.body, false)
                returning owner
            ), gone as (
                update app.plan_entry p set deleted = true, body = null, refs = '{}', revision = $2
                where zone = $1 and owner = any($7) and not deleted and not exists (select from wanted w where w.key = p.key)
                returning owner
            )
            select owner, count(*)::int from (select owner from put union all select owner from gone) as changed group by owner
            """, connection)
        {
            Parameters =
            {
                new() { Value = zone }, new() { Value = revision },
                new() { Value = rows.Select(r => r.Entry.Key).ToArray() }, new() { Value = rows.Select(r => r.Owner).ToArray() },
                new() { Value = rows.Select(r => JsonSerializer.Serialize(r.Entry, WireJson.Tolerant)).ToArray() },
                new() { Value = rows.Select(r => string.Join('\n', PlanIntegrity.References(r.Entry, zone))).ToArray() },
                new() { Value = planned.Select(p => p.Owner).ToArray() },
            },
        };
        var changed = new List<(string, int)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) changed.Add((reader.GetString(0), reader.GetInt32(1)));
        return changed;
    }

    /// <summary>Looks only at what this revision changed: entries that point nowhere, and entries whose goal has gone.</summary>
    private static async Task<IReadOnlyList<(string Owner, string Key)>> DanglingAsync(NpgsqlConnection connection, string zone, long revision, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            select e.owner, r from app.plan_entry e cross join unnest(e.refs) r
            where e.zone = $1 and e.revision = $2 and not e.deleted and not exists (select from app.plan_entry t where t.zone = $1 and t.key = r and not t.deleted)
            union
            select e.owner, t.key from app.plan_entry t join app.plan_entry e on e.zone = $1 and not e.deleted and e.refs @> array[t.key]
            where t.zone = $1 and t.revision = $2 and t.deleted
            """, connection) { Parameters = { new() { Value = zone }, new() { Value = revision } } };
        var dangling = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) dangling.Add((reader.GetString(0), reader.GetString(1)));
        return dangling;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(ct);
    }
}
