namespace PrivateLinkCloud.Contracts;

/// <summary>"Events were stored": wakes the other control planes, whose leader would otherwise notice at its next poll. Transient.</summary>
public sealed record CommitNotice
{
    /// <summary>The control plane that stored them; it has woken itself already.</summary>
    public required string From { get; init; }
}
