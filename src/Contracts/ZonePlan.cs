namespace PrivateLinkCloud.Contracts;

/// <summary>
/// What a zone agent fetches (<c>GET /v1/zones/{zoneId}/plan?epoch=…&amp;since=…</c>) and what a static plan file holds. Either the whole
/// plan, or what changed after the revision the agent named.
/// </summary>
public sealed record ZonePlan
{
    /// <summary>1. An agent refuses a schema it does not know.</summary>
    public int Schema { get; init; } = 1;
    public required string ZoneId { get; init; }

    /// <summary>Changes when revisions start anew (after a restored backup, by <c>renew-epochs</c>); an agent that holds another epoch gets the whole plan.</summary>
    public required string Epoch { get; init; }

    /// <summary>The revision the agent is at once it has applied this.</summary>
    public required long Revision { get; init; }

    /// <summary>True: these entries are all there is. False: they replace the ones with equal keys, and <see cref="Removed"/> goes.</summary>
    public required bool Whole { get; init; }

    /// <summary>A whole plan without entries is refused unless it says so here: a truncated answer must not empty a zone.</summary>
    public bool Empty { get; init; }
    public IReadOnlyList<PlanEntry> Entries { get; init; } = [];
    public IReadOnlyList<string> Removed { get; init; } = [];
}

/// <summary>"Zone Z is at revision N." Transient; may be lost, doubled, late or reordered: the agent then looks by itself.</summary>
public sealed record ZoneDoorbell
{
    public required string ZoneId { get; init; }
    public required string Epoch { get; init; }
    public required long Revision { get; init; }
}
