using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>
/// The plan the agent goes by: immutable, consistent (its keys never dangle), with the two indexes that keep the cost of taking
/// over a change proportional to the change and not to the zone.
/// </summary>
public sealed record HeldPlan
{
    public required string ZoneId { get; init; }

    /// <summary>Empty until the first plan has been taken.</summary>
    public string Epoch { get; init; } = "";
    public long Revision { get; init; }
    public ImmutableDictionary<string, PlanEntry> Entries { get; init; } = ImmutableDictionary<string, PlanEntry>.Empty;

    /// <summary>How many references point to a key: an entry may go only when this is zero.</summary>
    internal ImmutableDictionary<string, int> Referrers { get; init; } = ImmutableDictionary<string, int>.Empty;

    /// <summary>Which entry takes an address of a network.</summary>
    internal ImmutableDictionary<(string VpcId, string Address), string> Places { get; init; } =
        ImmutableDictionary<(string VpcId, string Address), string>.Empty;

    /// <summary>False before the first plan: nothing may be concluded from such emptiness, least of all that something should go.</summary>
    public bool IsTaken => Epoch.Length > 0;

    public static HeldPlan None(string zoneId) => new() { ZoneId = zoneId };

    /// <summary>Whether this agent's zone serves the entry, so that its address must exist here.</summary>
    public bool Serves(PlanEntry entry) => entry switch
    {
        DoorEntry door => door.ZoneId == ZoneId,
        NodeEntry node => node.ZoneId == ZoneId,
        NetworkEntry => true,
        _ => false,
    };

    /// <summary>Whether an address must exist on this host, by this agent's knowledge.</summary>
    public bool Wants((string VpcId, string Address) place) => Places.TryGetValue(place, out var key) && Serves(Entries[key]);

    /// <summary>The plan as one whole update: what a static file or a compacted log says.</summary>
    public ZonePlan ToWhole() => new()
    {
        ZoneId = ZoneId, Epoch = Epoch, Revision = Revision, Whole = true, Empty = Entries.IsEmpty,
        Entries = [.. Entries.Values.OrderBy(e => e.Key, StringComparer.Ordinal)],
    };
}
