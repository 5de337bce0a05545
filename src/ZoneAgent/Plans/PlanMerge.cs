using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>What became of an update: the next plan and the keys it touched, or the reason why it was refused whole.</summary>
public abstract record MergeResult
{
    /// <summary><paramref name="Touched"/> holds the keys whose entry may differ now, in no order.</summary>
    public sealed record Taken(HeldPlan Plan, IReadOnlyCollection<string> Touched) : MergeResult;

    /// <summary>Already held; nothing to do.</summary>
    public sealed record Stale : MergeResult;

    /// <summary><paramref name="NeedsWhole"/>: the update does not join on to what is held, and the whole plan would.</summary>
    public sealed record Refused(string Reason, bool NeedsWhole = false) : MergeResult;
}

/// <summary>
/// Takes an update over into the held plan, or refuses it whole: a half-taken plan is worse than yesterday's.
/// </summary>
public static class PlanMerge
{
    private const int NamedFaults = 3; // enough to find the cause; a report is not a dump

    public static MergeResult Take(HeldPlan held, ZonePlan update)
    {
        if (update.Schema != 1) return new MergeResult.Refused($"the plan has schema {update.Schema}; this agent knows schema 1: update the agent");
        if (update.ZoneId != held.ZoneId) return new MergeResult.Refused($"the plan is of zone '{update.ZoneId}'; this agent serves '{held.ZoneId}'");
        if (update.Epoch.Length == 0) return new MergeResult.Refused("the plan has no epoch");
        return update.Whole ? TakeWhole(held, update) : TakeChanges(held, update);
    }

    private static MergeResult TakeWhole(HeldPlan held, ZonePlan update)
    {
        if (update.Entries.Count == 0 && !update.Empty)
            return new MergeResult.Refused("the whole plan has no entries and does not say that it is empty; what was in force stays");
        if (update.Entries.Count > 0 && update.Empty) return new MergeResult.Refused("the plan says that it is empty, and has entries");
        if (held.Epoch == update.Epoch && update.Revision < held.Revision) return new MergeResult.Stale();
        var faults = PlanIntegrity.Faults(held.ZoneId, update.Entries);
        if (faults.Count > 0) return Refusal(faults);
        var next = Changed(HeldPlan.None(held.ZoneId), update, out _);
        return new MergeResult.Taken(next, [.. held.Entries.Keys.Union(next.Entries.Keys)]);
    }

    private static MergeResult TakeChanges(HeldPlan held, ZonePlan update)
    {
        if (held.Epoch != update.Epoch) return new MergeResult.Refused($"changes of epoch '{update.Epoch}' do not join on to epoch '{held.Epoch}'", NeedsWhole: true);
        if (update.Revision < held.Revision) return new MergeResult.Stale();
        if (update.Revision == held.Revision && update.Entries.Count == 0 && update.Removed.Count == 0) return new MergeResult.Stale();
        var next = Changed(held, update, out var clashes);
        var faults = clashes.Concat(FaultsOfChange(next, update)).ToList();
        return faults.Count > 0 ? Refusal(faults) with { NeedsWhole = true } : new MergeResult.Taken(next, TouchedBy(update));
    }

    /// <summary>The same question as <see cref="PlanIntegrity.Faults"/>, asked only of what changed and of what points to it.</summary>
    private static IEnumerable<string> FaultsOfChange(HeldPlan next, ZonePlan update)
    {
        var seen = new HashSet<string>();
        foreach (var entry in update.Entries)
        {
            foreach (var fault in PlanIntegrity.FaultsOf(entry)) yield return fault;
            if (!seen.Add(entry.Key)) yield return $"{entry.Key}: twice in the plan";
            foreach (var needed in PlanIntegrity.References(entry, next.ZoneId))
                if (!next.Entries.ContainsKey(needed)) yield return $"{entry.Key}: points to {needed}, which the plan does not hold";
        }
        foreach (var key in update.Removed)
            if (!next.Entries.ContainsKey(key) && next.Referrers.GetValueOrDefault(key) is var left and > 0)
                yield return $"{key}: removed, though {left} entries still point to it";
    }

    private static HashSet<string> TouchedBy(ZonePlan update)
    {
        var touched = new HashSet<string>(update.Removed);
        foreach (var entry in update.Entries) touched.Add(entry.Key);
        return touched;
    }

    private static HeldPlan Changed(HeldPlan held, ZonePlan update, out List<string> clashes)
    {
        var draft = new Draft(held);
        // Everything old goes before anything new comes, so that two doors may swap addresses in one update.
        foreach (var key in TouchedBy(update)) draft.Remove(key);
        foreach (var entry in update.Entries) draft.Add(entry);
        clashes = draft.Clashes;
        return draft.Build(update);
    }

    private static MergeResult.Refused Refusal(IReadOnlyList<string> faults) => new(
        string.Join("; ", faults.Take(NamedFaults)) + (faults.Count > NamedFaults ? $"; and {faults.Count - NamedFaults} more" : ""));

    private sealed class Draft(HeldPlan held)
    {
        private readonly ImmutableDictionary<string, PlanEntry>.Builder _entries = held.Entries.ToBuilder();
        private readonly ImmutableDictionary<string, int>.Builder _referrers = held.Referrers.ToBuilder();
        private readonly ImmutableDictionary<(string, string), string>.Builder _places = held.Places.ToBuilder();

        public List<string> Clashes { get; } = [];

        public void Remove(string key)
        {
            if (!_entries.Remove(key, out var entry)) return;
            foreach (var needed in PlanIntegrity.References(entry, held.ZoneId)) Count(needed, -1);
            foreach (var place in PlanIntegrity.Occupied(entry)) _places.Remove(place);
        }

        public void Add(PlanEntry entry)
        {
            Remove(entry.Key); // a doubled key is a fault that is found later; here it must only not break the counts
            _entries[entry.Key] = entry;
            foreach (var needed in PlanIntegrity.References(entry, held.ZoneId)) Count(needed, +1);
            foreach (var place in PlanIntegrity.Occupied(entry))
                if (!_places.TryAdd(place, entry.Key)) Clashes.Add($"{entry.Key}: {place.Address} belongs to {_places[place]} of {place.VpcId}");
        }

        private void Count(string key, int by)
        {
            var count = _referrers.GetValueOrDefault(key) + by;
            if (count == 0) _referrers.Remove(key);
            else _referrers[key] = count;
        }

        public HeldPlan Build(ZonePlan update) => held with
        {
            Epoch = update.Epoch, Revision = update.Revision,
            Entries = _entries.ToImmutable(), Referrers = _referrers.ToImmutable(), Places = _places.ToImmutable(),
        };
    }
}
