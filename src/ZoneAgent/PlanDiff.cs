using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>What differs between the plan and what is in force, by content: an entry that only got a new revision is no difference.</summary>
public sealed record PlanDiff(
    ImmutableArray<PlanEntry> Added, ImmutableArray<EntryChange> Changed, ImmutableArray<PlanEntry> Removed, int Unchanged)
{
    /// <param name="inForce">What this agent has put in force, by key.</param>
    /// <param name="wanted">What the plan says, by key.</param>
    /// <param name="keys">Where to look. Everything outside is known to be equal, so that the cost is that of the change.</param>
    public static PlanDiff Between(
        ImmutableDictionary<string, PlanEntry> inForce, ImmutableDictionary<string, PlanEntry> wanted, IEnumerable<string> keys)
    {
        var added = ImmutableArray.CreateBuilder<PlanEntry>();
        var changed = ImmutableArray.CreateBuilder<EntryChange>();
        var removed = ImmutableArray.CreateBuilder<PlanEntry>();
        foreach (var key in keys)
        {
            var (before, after) = (inForce.GetValueOrDefault(key), wanted.GetValueOrDefault(key));
            if (before is null && after is not null) added.Add(after);
            else if (before is not null && after is null) removed.Add(before);
            else if (before is not null && after is not null && !SameContent(before, after)) changed.Add(new EntryChange(before, after));
        }
        return new PlanDiff(added.ToImmutable(), changed.ToImmutable(), removed.ToImmutable(), wanted.Count - added.Count - changed.Count);
    }

    public bool IsEmpty => Added.IsEmpty && Changed.IsEmpty && Removed.IsEmpty;

    public override string ToString() => $"+{Added.Length} ~{Changed.Length} -{Removed.Length} ={Unchanged}";

    private static bool SameContent(PlanEntry before, PlanEntry after) => before == after || (before with { Revision = after.Revision }) == after;
}

/// <summary>An entry as it is in force and as it should be.</summary>
public sealed record EntryChange(PlanEntry Before, PlanEntry After);
