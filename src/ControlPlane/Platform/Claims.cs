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
    /// <summary>The statements that settle the claims, in the order in which they must run.</summary>
    public static IEnumerable<Precondition> Of(Decision decision)
    {
        var exclusive = decision.Unused.Select(u => u.Scope).Concat(decision.Claims.Where(c => c.ScopeLimit is not null).Select(c => c.Scope)).ToHashSet();
        var scopes = exclusive.Concat(decision.Claims.Select(c => c.Scope)).Distinct().Order(StringComparer.Ordinal).ToArray();
        if (scopes.Length > 0) yield return new(Lock(scopes, [.. exclusive]));
        foreach (var (scope, key, owner) in decision.Releases) yield return new(Release(scope, key, owner));
        foreach (var claim in decision.Claims.OrderBy(c => c.Scope, StringComparer.Ordinal).ThenBy(c => c.Key, StringComparer.Ordinal)) yield return new(Take(claim), new ClaimTakenException(claim.Taken));
        foreach (var (scope, inUse) in decision.Unused) yield return new(Close(scope), new ClaimTakenException(inUse));
    }

    private static NpgsqlBatchCommand Lock(string[] scopes, string[] exclusive) => new("""
        select case when wanted.exclusive then pg_advisory_xact_lock(wanted.id)::text else pg_advisory_xact_lock_shared(wanted.id)::text end
        from (select hashtextextended(scope, 7) as id, bool_or(scope = any($2)) as exclusive from unnest($1) as scope group by 1 order by 1) as wanted
        """) { Parameters = { new() { Value = scopes }, new() { Value = exclusive } } };

    private static NpgsqlBatchCommand Take(Claim claim) => new($"""
        insert into app.claims (scope, key, owner)
        select $1, $2, $3 where not exists (select from app.claims where scope = $1 and key = '{Claim.ClosedMark}')
          and ($4::int is null or (select count(*) from app.claims where scope = $1) < $4)
        on conflict (scope, key) do update set owner = claims.owner where claims.owner = excluded.owner
        """)
    {
        Parameters = { new() { Value = claim.Scope }, new() { Value = claim.Key }, new() { Value = claim.Owner }, new() { Value = (object?)claim.ScopeLimit ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer } },
    };

    private static NpgsqlBatchCommand Release(string scope, string? key, string owner) => new("delete from app.claims where scope = $1 and owner = $3 and ($2::text is null or key = $2)")
    {
        Parameters = { new() { Value = scope }, new() { Value = (object?)key ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }, new() { Value = owner } },
    };

    private static NpgsqlBatchCommand Close(string scope) => new($"""
        insert into app.claims (scope, key, owner) select $1, '{Claim.ClosedMark}', '{Claim.ClosedMark}' where not exists (select from app.claims where scope = $1 and key <> '{Claim.ClosedMark}')
        on conflict (scope, key) do update set owner = excluded.owner
        """) { Parameters = { new() { Value = scope } } };
}
