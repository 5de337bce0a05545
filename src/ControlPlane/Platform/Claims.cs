using Npgsql;
using NpgsqlTypes;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>A claim of the decision was lost to somebody else; nothing was stored. Carries the refusal to answer with.</summary>
public sealed class ClaimTakenException(Rejection rejection) : Exception(rejection.Code)
{
    public Rejection Rejection { get; } = rejection;
}

/// <summary>
/// Takes and gives up a decision's claims in the transaction that stores its events (house §3: never "read, then hope").
/// Locks: every claim takes its scope's advisory lock shared, a limit or a closing takes it exclusively; always in the order of the
/// scope's hash, so two commands cannot wait for each other.
/// </summary>
public static class Claims
{
    /// <param name="connection">With the transaction begun that will store the decision's events.</param>
    /// <exception cref="ClaimTakenException">Somebody else has what the decision claims; the transaction is to be given up.</exception>
    public static async Task SettleAsync(NpgsqlConnection connection, Decision decision, CancellationToken ct)
    {
        await LockScopesAsync(connection, decision, ct);
        foreach (var (scope, key, owner) in decision.Releases) await ReleaseAsync(connection, scope, key, owner, ct);
        foreach (var claim in decision.Claims.OrderBy(c => (c.Scope, c.Key), KeyOrder)) await TakeAsync(connection, claim, ct);
        foreach (var (scope, inUse) in decision.Unused) await CloseAsync(connection, scope, inUse, ct);
    }

    private static readonly Comparer<(string, string)> KeyOrder = Comparer<(string, string)>.Create((a, b) =>
        string.CompareOrdinal(a.Item1, b.Item1) is var scopes and not 0 ? scopes : string.CompareOrdinal(a.Item2, b.Item2));

    private static async Task LockScopesAsync(NpgsqlConnection connection, Decision decision, CancellationToken ct)
    {
        var exclusive = decision.Unused.Select(u => u.Scope).Concat(decision.Claims.Where(c => c.ScopeLimit is not null).Select(c => c.Scope)).ToHashSet();
        var scopes = exclusive.Concat(decision.Claims.Select(c => c.Scope)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (scopes.Length == 0) return;
        await using var command = new NpgsqlCommand("""
            select case when wanted.exclusive then pg_advisory_xact_lock(wanted.id)::text else pg_advisory_xact_lock_shared(wanted.id)::text end
            from (select hashtextextended(scope, 7) as id, bool_or(scope = any($2)) as exclusive from unnest($1) as scope group by 1 order by 1) as wanted
            """, connection) { Parameters = { new() { Value = scopes }, new() { Value = exclusive.ToArray() } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task TakeAsync(NpgsqlConnection connection, Claim claim, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            insert into app.claims (scope, key, owner)
            select $1, $2, $3 where not exists (select from app.claims where scope = $1 and key = '{Claim.ClosedMark}')
              and ($4::int is null or (select count(*) from app.claims where scope = $1) < $4)
            on conflict (scope, key) do update set owner = claims.owner where claims.owner = excluded.owner
            """, connection)
        {
            Parameters = { new() { Value = claim.Scope }, new() { Value = claim.Key }, new() { Value = claim.Owner }, new() { Value = (object?)claim.ScopeLimit ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer } },
        };
        if (await command.ExecuteNonQueryAsync(ct) == 0) throw new ClaimTakenException(claim.Taken);
    }

    private static async Task ReleaseAsync(NpgsqlConnection connection, string scope, string? key, string owner, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("delete from app.claims where scope = $1 and owner = $3 and ($2::text is null or key = $2)", connection)
        {
            Parameters = { new() { Value = scope }, new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = owner } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task CloseAsync(NpgsqlConnection connection, string scope, Rejection inUse, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            insert into app.claims (scope, key, owner) select $1, '{Claim.ClosedMark}', '{Claim.ClosedMark}' where not exists (select from app.claims where scope = $1 and key <> '{Claim.ClosedMark}')
            on conflict (scope, key) do update set owner = excluded.owner
            """, connection) { Parameters = { new() { Value = scope } } };
        if (await command.ExecuteNonQueryAsync(ct) == 0) throw new ClaimTakenException(inUse);
    }
}
