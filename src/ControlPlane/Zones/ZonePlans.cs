using System.Text.Json;
using Npgsql;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>Reads a zone's plan for its agents: whole, or what changed since.</summary>
public sealed class ZonePlans(NpgsqlDataSource database)
{
    /// <summary>Null when the agent is up to date. A zone nothing was ever planned for has an empty plan that says so.</summary>
    public async Task<ZonePlan?> SinceAsync(string zoneId, string? epoch, long since, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        // One snapshot for revision and entries: the writer may commit in between.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        if (await HeadAsync(connection, zoneId, ct) is not { } head)
            return epoch == "none" ? null : new ZonePlan { ZoneId = zoneId, Epoch = "none", Revision = 0, Whole = true, Empty = true };
        var whole = epoch != head.Epoch || since < head.Horizon || since > head.Revision;
        if (!whole && since == head.Revision) return null;
        var (entries, removed) = await EntriesAsync(connection, zoneId, whole ? -1 : since, whole, ct);
        return new ZonePlan { ZoneId = zoneId, Epoch = head.Epoch, Revision = head.Revision, Whole = whole, Empty = whole && entries.Count == 0, Entries = entries, Removed = removed };
    }

    private static async Task<(string Epoch, long Revision, long Horizon)?> HeadAsync(NpgsqlConnection connection, string zoneId, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select epoch::text, revision, horizon from app.zone_revision where zone = $1", connection) { Parameters = { new() { Value = zoneId } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)) : null;
    }

    private static async Task<(List<PlanEntry>, List<string>)> EntriesAsync(NpgsqlConnection connection, string zoneId, long since, bool whole, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select key, revision, body::text, deleted from app.plan_entry where zone = $1 and revision > $2 and not ($3 and deleted) order by revision, key", connection)
        {
            Parameters = { new() { Value = zoneId }, new() { Value = since }, new() { Value = whole } },
        };
        var (entries, removed) = (new List<PlanEntry>(), new List<string>());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (reader.GetBoolean(3)) removed.Add(reader.GetString(0));
            else entries.Add(JsonSerializer.Deserialize<PlanEntry>(reader.GetString(2), WireJson.Tolerant)! with { Revision = reader.GetInt64(1) });
        }
        return (entries, removed);
    }
}
