using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// Station 8 of the walk: what differs here, and in which order is it safe to change?
/// <code>
///   1 plan × in force ─► diff     by content, looked for where something may differ
///   2 diff            ─► steps    names are withdrawn first and said last; an address exists before its acceptor
///   3 steps, phase by phase       fabric ─ relay ─ probes ─ resolvers; an entry that fails is in trouble and waits
///   4 what succeeded is in force; trouble is tried again at every later turn
/// </code>
/// One thread at a time.
/// </summary>
public sealed class Reconciler(IFabric fabric, IDataPlane dataPlane, WalkLog walk)
{
    private readonly StepTaker _taker = new(fabric, dataPlane);
    private ImmutableDictionary<string, PlanEntry> _inForce = ImmutableDictionary<string, PlanEntry>.Empty;
    private ImmutableSortedDictionary<string, string> _troubles = ImmutableSortedDictionary<string, string>.Empty;
    private List<PlanEntry> _halfDone = []; // new entries in trouble: some of their steps may have been taken

    /// <summary>Entries that could not be put in force, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Troubles => _troubles;

    /// <summary>Makes the host like the plan. <paramref name="touched"/>: the keys that may differ; what is in trouble is looked at besides.</summary>
    public PlanDiff Apply(HeldPlan plan, IReadOnlyCollection<string> touched)
    {
        var anew = Dependents.Of(_inForce, plan, touched);
        _inForce = _inForce.RemoveRange(anew);
        var diff = PlanDiff.Between(Observed(plan), plan.Entries, touched.Concat(_troubles.Keys).Concat(anew).Distinct()); // 1
        var steps = ReconcileSteps.Of(diff, plan); // 2
        var failed = _taker.Take(steps, plan); // 3
        Remember(diff, failed); // 4
        walk.Applied(plan, diff, failed);
        return diff;
    }

    /// <summary>
    /// Compares with what really exists, not with what was once asked for: an address that is missing is added again; a network that was
    /// deleted, or deleted and made again by somebody else, is taken away and brought anew, for our sockets were in the old one.
    /// </summary>
    public void Audit(HeldPlan plan)
    {
        var places = plan.Places.Where(p => plan.Wants(p.Key)).ToLookup(p => p.Key.VpcId);
        foreach (var network in _inForce.Values.OfType<NetworkEntry>().ToList())
        {
            var observed = fabric.Observe(network.VpcId);
            if (observed is null || !_taker.IsSame(network.VpcId, observed)) BringAnew(network.VpcId, plan);
            else _inForce = _inForce.RemoveRange(places[network.VpcId].Where(p => !observed.Addresses.Contains(System.Net.IPAddress.Parse(p.Key.Address))).Select(p => p.Value));
        }
        Apply(plan, [.. plan.Entries.Keys.Where(key => !_inForce.ContainsKey(key))]);
    }

    /// <summary>Gives up what an earlier life of this agent held and the plan no longer wants. Only with a plan in hand.</summary>
    public void Sweep(HeldPlan plan)
    {
        var holds = fabric.Holds();
        fabric.RemoveAddresses([.. holds.Addresses.Where(place => !plan.Wants((place.Network, place.Address.ToString())))]);
        fabric.RemoveNetworks([.. holds.Networks.Where(network => !plan.Entries.ContainsKey(PlanKeys.Network(network)))]);
    }

    private void BringAnew(string vpcId, HeldPlan plan)
    {
        var keys = plan.Entries.Values.Where(entry => VpcOf(entry) == vpcId).Select(entry => entry.Key).ToList();
        Apply(plan with { Entries = plan.Entries.RemoveRange(keys), Places = plan.Places.RemoveRange(plan.Places.Keys.Where(p => p.VpcId == vpcId)) }, keys);
        Apply(plan, keys);
    }

    /// <summary>What is in force, and what is half in force though the plan wants it otherwise or no more. (What it still wants is tried anew.)</summary>
    private ImmutableDictionary<string, PlanEntry> Observed(HeldPlan plan) =>
        _inForce.SetItems(_halfDone.Where(entry => plan.Entries.GetValueOrDefault(entry.Key) != entry).Select(entry => KeyValuePair.Create(entry.Key, entry)));

    private void Remember(PlanDiff diff, IReadOnlyDictionary<string, string> failed)
    {
        var inForce = _inForce.ToBuilder();
        foreach (var entry in diff.Added.Concat(diff.Changed.Select(c => c.After)))
            if (!failed.ContainsKey(entry.Key)) inForce[entry.Key] = entry;
        foreach (var entry in diff.Removed)
            if (!failed.ContainsKey(entry.Key)) inForce.Remove(entry.Key);
        _inForce = inForce.ToImmutable();
        _halfDone = [.. diff.Added.Where(entry => failed.ContainsKey(entry.Key))];
        // Every trouble of before was looked at again, so these are all there are.
        _troubles = failed.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static string? VpcOf(PlanEntry entry) => entry switch
    {
        NetworkEntry e => e.VpcId,
        DoorEntry e => e.VpcId,
        NodeEntry e => e.VpcId,
        NameEntry e => e.VpcId,
        _ => null, // a target group has no socket of its own: its nodes' sockets are made anew with them
    };
}
