namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// What the database does with a decision's claims, in memory: releases, then claims under their limits, then closings; all or nothing.
/// The real one is exercised with the control plane's tests; this one lets the law be tried a hundred thousand times.
/// </summary>
internal sealed class ClaimsTable
{
    private Dictionary<(string Scope, string Key), string> _owners = [];

    public IEnumerable<(string Scope, string Key, string Owner)> All => _owners.Select(p => (p.Key.Scope, p.Key.Key, p.Value));
    public IReadOnlySet<string> Keys(string scope) => _owners.Keys.Where(k => k.Scope == scope).Select(k => k.Key).ToHashSet();

    /// <summary>The refusal of the first claim that is lost; null when all were taken.</summary>
    public Rejection? Apply(Decision decision)
    {
        var next = new Dictionary<(string Scope, string Key), string>(_owners);
        foreach (var (scope, key, owner) in decision.Releases)
            foreach (var gone in next.Where(p => p.Key.Scope == scope && p.Value == owner && (key is null || p.Key.Key == key)).Select(p => p.Key).ToList()) next.Remove(gone);
        foreach (var claim in decision.Claims)
        {
            if (next.ContainsKey((claim.Scope, Claim.ClosedMark))) return claim.Taken;
            if (claim.ScopeLimit is { } limit && next.Keys.Count(k => k.Scope == claim.Scope) >= limit) return claim.Taken;
            if (next.TryGetValue((claim.Scope, claim.Key), out var owner) && owner != claim.Owner) return claim.Taken;
            next[(claim.Scope, claim.Key)] = claim.Owner;
        }
        foreach (var (scope, inUse) in decision.Unused)
        {
            if (next.Keys.Any(k => k.Scope == scope && k.Key != Claim.ClosedMark)) return inUse;
            next[(scope, Claim.ClosedMark)] = Claim.ClosedMark;
        }
        _owners = next;
        return null;
    }
}
