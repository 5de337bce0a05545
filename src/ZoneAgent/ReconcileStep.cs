using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// The phases of a reconcile, in the order that is safe: what stops being true stops being <em>said</em> first (names), and what
/// becomes true is said last. An address comes before the acceptor that binds it and goes after the acceptor is closed.
/// </summary>
public enum Phase { WithdrawName, MakeNetwork, AddAddress, ChangeRelay, ChangeProbe, OpenResolver, SetName, CloseResolver, RemoveAddress, RemoveNetwork }

/// <summary>One thing to do for one entry. <paramref name="Entry"/> is the entry as it should be; for what goes, as it was.</summary>
/// <param name="Gone">The entry leaves the plan.</param>
public sealed record ReconcileStep(Phase Phase, PlanEntry Entry, bool Gone = false, string VpcId = "", string Address = "")
{
    public override string ToString() => $"{Phase} {Entry.Key}{(Address.Length > 0 ? $" {Address}" : "")}{(Gone ? " gone" : "")}";
}

/// <summary>Turns a diff into steps. Pure: the tables in its tests are the whole truth about the order.</summary>
public static class ReconcileSteps
{
    public static IReadOnlyList<ReconcileStep> Of(PlanDiff diff, HeldPlan plan)
    {
        var steps = new List<ReconcileStep>();
        foreach (var entry in diff.Added) steps.AddRange(ToBring(null, entry, plan));
        foreach (var change in diff.Changed) steps.AddRange(ToBring(change.Before, change.After, plan));
        foreach (var change in diff.Changed) steps.AddRange(LeftBehind(change.Before, change.After, plan));
        foreach (var entry in diff.Removed) steps.AddRange(ToTakeAway(entry, plan));
        return [.. steps.OrderBy(step => step.Phase).ThenBy(step => step.Entry.Key, StringComparer.Ordinal)]; // the same every time, so that logs compare
    }

    private static IEnumerable<ReconcileStep> ToBring(PlanEntry? before, PlanEntry after, HeldPlan plan)
    {
        if (after is NetworkEntry network) yield return new(Phase.MakeNetwork, after, VpcId: network.VpcId);
        if (plan.Serves(after))
            foreach (var (vpcId, address) in PlanIntegrity.Occupied(after)) yield return new(Phase.AddAddress, after, false, vpcId, address);
        if (after is NetworkEntry opened) yield return new(Phase.OpenResolver, after, VpcId: opened.VpcId);
        if (after is TargetGroupEntry || (after is DoorEntry or NodeEntry && (plan.Serves(after) || (before is not null && plan.Serves(before)))))
            yield return new(Phase.ChangeRelay, after);
        if (after is DoorEntry) yield return new(Phase.ChangeProbe, after);
        if (after is NameEntry name)
            yield return new(before is NameEntry old && name.DoorKeys.All(old.DoorKeys.Contains) ? Phase.WithdrawName : Phase.SetName, after);
    }

    /// <summary>What a changed entry no longer uses: an address it had, unless another entry took it over in the same plan.</summary>
    private static IEnumerable<ReconcileStep> LeftBehind(PlanEntry before, PlanEntry after, HeldPlan plan) =>
        plan.Serves(before) ? Freed(before, plan).Select(step => step with { Entry = after }) : [];

    private static IEnumerable<ReconcileStep> ToTakeAway(PlanEntry entry, HeldPlan plan)
    {
        if (entry is NameEntry) yield return new(Phase.WithdrawName, entry, Gone: true);
        if (entry is TargetGroupEntry || (entry is DoorEntry or NodeEntry && plan.Serves(entry))) yield return new(Phase.ChangeRelay, entry, Gone: true);
        if (entry is DoorEntry) yield return new(Phase.ChangeProbe, entry, Gone: true);
        if (entry is NetworkEntry closed) yield return new(Phase.CloseResolver, entry, Gone: true, closed.VpcId);
        if (plan.Serves(entry))
            foreach (var step in Freed(entry, plan)) yield return step with { Gone = true };
        if (entry is NetworkEntry network) yield return new(Phase.RemoveNetwork, entry, Gone: true, network.VpcId);
    }

    private static IEnumerable<ReconcileStep> Freed(PlanEntry entry, HeldPlan plan) =>
        from place in PlanIntegrity.Occupied(entry)
        where !plan.Wants(place)
        select new ReconcileStep(Phase.RemoveAddress, entry, false, place.VpcId, place.Address);
}
