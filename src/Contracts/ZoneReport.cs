namespace PrivateLinkCloud.Contracts;

/// <summary>
/// What one zone agent has seen to be true (<c>POST /v1/zones/{zoneId}/reports</c>). It renews the agent's lease; it is sent when
/// something changed and every few seconds besides, and again until it is acknowledged.
/// </summary>
public sealed record ZoneReport
{
    /// <summary>Chosen by the operator, unique in the zone.</summary>
    public required string AgentId { get; init; }
    public required string Epoch { get; init; }

    /// <summary>Everything the plan said up to this revision is in force here, <see cref="Troubles"/> excepted.</summary>
    public required long Revision { get; init; }

    /// <summary>How long the control plane may believe this without hearing again, 1–300 s.</summary>
    public required int LeaseSeconds { get; init; }

    /// <summary>Entries that could not be put in force, with the reason. Empty when all is well.</summary>
    public IReadOnlyList<EntryTrouble> Troubles { get; init; } = [];

    /// <summary>Targets whose health changed since the last acknowledged report (all of them in an agent's first one).</summary>
    public IReadOnlyList<TargetHealthSeen> Targets { get; init; } = [];
}

/// <param name="Key">Key of the plan entry, or <c>plan</c> when a whole plan was refused.</param>
public sealed record EntryTrouble(string Key, string Reason);

/// <param name="State">initial | healthy | unhealthy.</param>
/// <param name="Reason">The vendor's reason code, e.g. <c>Target.FailedHealthChecks</c>; null when healthy.</param>
public sealed record TargetHealthSeen(string TargetGroupKey, string Address, int Port, string State, string? Reason = null);
