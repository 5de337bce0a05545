using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Takes the steps of a reconcile, a phase at a time, each phase as one batch.</summary>
internal sealed class StepTaker(IFabric fabric, IDataPlane dataPlane)
{
    private readonly Dictionary<string, string> _identities = [];
    private RelayTable _table = RelayTable.Empty;

    /// <summary>Whether the network is the one in which our sockets were made.</summary>
    public bool IsSame(string network, ObservedNetwork observed) => _identities.GetValueOrDefault(network) == observed.Identity;

    /// <returns>The entries that failed, with the reason; their later steps were left out.</returns>
    public IReadOnlyDictionary<string, string> Take(IReadOnlyList<ReconcileStep> steps, HeldPlan plan)
    {
        var failed = new Dictionary<string, string>();
        foreach (var phase in steps.GroupBy(step => step.Phase))
        {
            var batch = phase.Where(step => !failed.ContainsKey(step.Entry.Key)).ToList();
            foreach (var (key, reason) in Take(phase.Key, batch, plan)) failed.TryAdd(key, reason);
        }
        return failed;
    }

    private IEnumerable<(string Key, string Reason)> Take(Phase phase, List<ReconcileStep> batch, HeldPlan plan) => phase switch
    {
        Phase.WithdrawName or Phase.SetName => SayNames(batch, plan),
        Phase.MakeNetwork => MakeNetworks(batch),
        Phase.AddAddress => Addresses(batch, fabric.AddAddresses),
        Phase.ChangeRelay => ChangeRelay(batch, plan),
        Phase.ChangeProbe => ChangeProbes(batch, plan),
        Phase.OpenResolver => OpenResolvers(batch),
        Phase.CloseResolver => CloseResolvers(batch),
        Phase.RemoveAddress => Addresses(batch, fabric.RemoveAddresses),
        Phase.RemoveNetwork => RemoveNetworks(batch),
        _ => throw new ArgumentOutOfRangeException(nameof(phase), phase, "not a phase"),
    };

    private IEnumerable<(string, string)> SayNames(List<ReconcileStep> batch, HeldPlan plan)
    {
        foreach (var step in batch)
        {
            var name = (NameEntry)step.Entry;
            if (step.Gone) dataPlane.WithdrawName(name.VpcId, name.Name);
            else dataPlane.SetName(name.VpcId, Compile.Name(name, plan));
        }
        return [];
    }

    private IEnumerable<(string, string)> MakeNetworks(List<ReconcileStep> batch)
    {
        var failures = fabric.MakeNetworks([.. batch.Select(step => new NetworkWish(step.VpcId, Compile.ResolverAddress((NetworkEntry)step.Entry)))]);
        foreach (var step in batch)
            if (fabric.Observe(step.VpcId) is { } observed) _identities[step.VpcId] = observed.Identity;
        return batch.Where(step => failures.ContainsKey(step.VpcId)).Select(step => (step.Entry.Key, failures[step.VpcId]));
    }

    private static IEnumerable<(string, string)> Addresses(List<ReconcileStep> batch, Func<IReadOnlyCollection<Place>, IReadOnlyDictionary<Place, string>> change)
    {
        var places = batch.ToDictionary(step => new Place(step.VpcId, IPAddress.Parse(step.Address)));
        return change(places.Keys).Select(failure => (places[failure.Key].Entry.Key, $"{failure.Key}: {failure.Value}"));
    }

    private IEnumerable<(string, string)> ChangeRelay(List<ReconcileStep> batch, HeldPlan plan)
    {
        var (doors, nodes, groups) = (_table.Doors.ToBuilder(), _table.Nodes.ToBuilder(), _table.TargetGroups.ToBuilder());
        foreach (var step in batch)
            switch (step.Entry)
            {
                case DoorEntry door when step.Gone || !plan.Serves(door): doors.Remove(door.Key); break;
                case DoorEntry door: doors[door.Key] = Compile.Door(door, plan); break;
                case NodeEntry node when step.Gone || !plan.Serves(node): nodes.Remove(node.Key); break;
                case NodeEntry node: nodes[node.Key] = Compile.Node(node); break;
                case TargetGroupEntry group when step.Gone: groups.Remove(group.Key); break;
                case TargetGroupEntry group: groups[group.Key] = Compile.TargetGroup(group); break;
            }
        _table = new RelayTable(doors.ToImmutable(), nodes.ToImmutable(), groups.ToImmutable());
        var failures = dataPlane.ApplyRelay(_table, new RelayChanges(KeysOf<DoorEntry>(batch), KeysOf<NodeEntry>(batch), KeysOf<TargetGroupEntry>(batch)));
        return failures.Select(failure => (failure.Key, failure.Value));
    }

    private IEnumerable<(string, string)> ChangeProbes(List<ReconcileStep> batch, HeldPlan plan)
    {
        foreach (var step in batch)
            if (!step.Gone && step.Entry is DoorEntry door && Compile.Probe(door, plan) is { } probe) dataPlane.Watch(door, probe);
            else dataPlane.Forget(step.Entry.Key);
        dataPlane.KickProbes([.. batch.Where(step => !step.Gone).Select(step => step.Entry.Key)]);
        return [];
    }

    private IEnumerable<(string, string)> OpenResolvers(List<ReconcileStep> batch) =>
        from step in batch
        let reason = dataPlane.OpenResolver(step.VpcId, Compile.ResolverAddress((NetworkEntry)step.Entry))
        where reason is not null
        select (step.Entry.Key, reason);

    private IEnumerable<(string, string)> CloseResolvers(List<ReconcileStep> batch)
    {
        foreach (var step in batch) dataPlane.CloseResolver(step.VpcId);
        return [];
    }

    private IEnumerable<(string, string)> RemoveNetworks(List<ReconcileStep> batch)
    {
        var failures = fabric.RemoveNetworks([.. batch.Select(step => step.VpcId)]);
        foreach (var step in batch) _identities.Remove(step.VpcId);
        return batch.Where(step => failures.ContainsKey(step.VpcId)).Select(step => (step.Entry.Key, failures[step.VpcId]));
    }

    private static List<string> KeysOf<T>(List<ReconcileStep> batch) => [.. batch.Where(step => step.Entry is T).Select(step => step.Entry.Key)];
}
