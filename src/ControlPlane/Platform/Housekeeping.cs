using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Throws away what nobody will ask for again. Every control plane does it: throwing away twice harms nobody.</summary>
public sealed class Housekeeping(NpgsqlDataSource database, DatabaseSettings settings, TimeProvider time, ILogger<Housekeeping> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    /// <summary>Statements; $1 is the moment before which things are old.</summary>
    private IEnumerable<(string Sql, TimeSpan Age)> Rubbish =>
    [
        ("delete from app.idempotency_key where created_at < $1", TimeSpan.FromHours(settings.IdempotencyKeyHours)),
        ("delete from app.agent_lease where expires_at < $1", OfAnAgentThatHasGone),
        ("delete from app.target_health h where seen_at < $1 and not exists (select from app.plan_entry e where e.zone = h.zone and e.key = h.target_group and not e.deleted)", OfAnAgentThatHasGone),
    ];

    private static readonly TimeSpan OfAnAgentThatHasGone = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var rounds = new PeriodicTimer(Pause, time);
        do
        {
            try { await SweepAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { log.HousekeepingFailed(e); } // the next round finds the same
        }
        while (await rounds.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(CancellationToken ct)
    {
        foreach (var (sql, age) in Rubbish)
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = time.GetUtcNow() - age });
            await command.ExecuteNonQueryAsync(ct);
        }
    }
}
