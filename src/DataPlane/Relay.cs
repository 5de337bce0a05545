using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>
/// The relay of one zone agent: consumers connect to doors, targets answer, and every flow ends with a name.
/// </summary>
/// <remarks>
/// <code>
///   plan ──compiled by the agent──► RelayTable
///                                      │ 1. Apply: open, close, re-open only what was named
///   consumer's network                 ▼                                     provider's network
///  ┌──────────┐  connect   ┌────────────────────────┐                       ┌──────────────────┐
///  │ consumer ├───────────►│ door (acceptor / port) │                       │ target           │
///  └──────────┘            └───────────┬────────────┘                       └────────▲─────────┘
///  ┌──────────┐  2. who and where?     │                                             │
///  │ resolver ├──► 3. a probe: answered here, held while the zone can serve          │
///  └──────────┘                        │ 4. which targets? healthy ∩ zone (fail-open)│
///                                      │ 5. dial from the node's address ────────────┤ 8. checks
///                                      ▼                                             │
///                          6. carry: a lane each way, until                          │
///                          7. the end, which has a name and a culprit                │
///
///   9. sweep: idle flows, unseen resets, doors whose time has come
/// </code>
/// 1, 8 and 9 are in this file, 2–5 and 7 in <c>Reception.cs</c>, 6 in <c>Flows/SocketCarrier.cs</c>.
/// </remarks>
public sealed class Relay : IAsyncDisposable
{
    private readonly Lock gate = new(); // guards doors, draining, the indexes and disposed
    private readonly Dictionary<string, OpenDoor> doors = [];
    private readonly HashSet<string> draining = [];
    private readonly KeyIndex doorsOfNode = new(), nodesOfGroup = new();
    private readonly TimeProvider time;
    private readonly IRelayEvents? events;
    private readonly TargetGroups groups;
    private readonly Reception reception;
    private readonly DoorWorks works;
    private readonly ITimer sweep;
    private volatile RelayTable table = RelayTable.Empty;
    private bool disposed;

    public Relay(INetworks networks, TimeProvider time, RelayOptions options, IRelayEvents? events = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(options);
        (this.time, this.events) = (time, events);
        groups = new(networks, time, OnTargetHealth);
        reception = new(groups, networks, time, options, events, () => table);
        works = new(networks, time, options, reception.Accepted);
        sweep = time.CreateTimer(static r => ((Relay)r!).Sweep(), this, options.SweepInterval, options.SweepInterval);
    }

    /// <summary>The table in force.</summary>
    public RelayTable Table => table;

    /// <summary>Every target of every group that a node of the table uses.</summary>
    public IReadOnlyDictionary<TargetKey, TargetHealth> Health => groups.Health;

    /// <summary>Per endpoint id, since this relay was made; endpoints without any flow so far are absent.</summary>
    public IReadOnlyDictionary<string, EndpointCounters> Counters() => reception.Counters();

    /// <summary>
    /// 1. Puts <paramref name="next"/> in force. Work is done for what is named (and for the doors of a named node, the nodes of a named
    /// group), so a change costs the same in a large zone as in a small one. A named door that is missing in <paramref name="next"/> is
    /// closed and its flows are reset with <see cref="FlowEnd.PlanWithdrawn"/>. Naming too much is harmless. Not to be called by two threads at once.
    /// </summary>
    /// <returns>Ports that could not be opened. Nothing else is lost by it: name the door again to try again.</returns>
    public IReadOnlyList<DoorTrouble> Apply(
        RelayTable next, IReadOnlyCollection<string> changedDoors, IReadOnlyCollection<string> changedNodes, IReadOnlyCollection<string> changedTargetGroups)
    {
        ArgumentNullException.ThrowIfNull(next);
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var before = table;
            table = next;
            // Groups come first: a door must not open before the relay knows of the targets behind it.
            FollowGroups(before, next, changedNodes, changedTargetGroups);
            var named = changedDoors.Concat(changedNodes.SelectMany(doorsOfNode.Of)).ToHashSet();
            var troubles = named.SelectMany(key => FollowDoor(key, next)).ToList();
            // A caller that forgot to name a door would leave it open for ever, or shut.
            if (doors.Count != next.Doors.Count) troubles.AddRange(FollowUnnamed(next));
            foreach (var node in changedNodes.Concat(changedTargetGroups.SelectMany(nodesOfGroup.Of)).ToHashSet()) RecheckProbes(node);
            return troubles;
        }
    }

    private void FollowGroups(RelayTable before, RelayTable next, IReadOnlyCollection<string> changedNodes, IReadOnlyCollection<string> changedTargetGroups)
    {
        var affected = changedTargetGroups.ToHashSet();
        foreach (var key in changedNodes)
        {
            foreach (var group in GroupsOf(before, key)) { nodesOfGroup.Remove(group, key); affected.Add(group); }
            foreach (var group in GroupsOf(next, key)) { nodesOfGroup.Add(group, key); affected.Add(group); }
        }
        foreach (var key in affected)
        {
            // One node checks for all that use the group, the first by name: two agents of a zone choose the same one.
            var from = nodesOfGroup.Of(key).FirstOrDefault();
            groups.Follow(key, next.TargetGroups.GetValueOrDefault(key), from is null ? null : next.Nodes.GetValueOrDefault(from));
        }
    }

    private static IEnumerable<string> GroupsOf(RelayTable table, string nodeKey) =>
        table.Nodes.TryGetValue(nodeKey, out var node) ? node.Listeners.Select(l => l.TargetGroupKey).Distinct() : [];

    private IReadOnlyList<DoorTrouble> FollowDoor(string key, RelayTable next)
    {
        var wanted = next.Doors.GetValueOrDefault(key);
        doors.TryGetValue(key, out var open);
        if (open is not null) doorsOfNode.Remove(open.Door.NodeKey, key);
        if (open is not null && (wanted is null || wanted.Network != open.Door.Network || !wanted.Address.Equals(open.Door.Address)))
        {
            doors.Remove(key);
            draining.Remove(key);
            open.Withdraw(FlowEnd.PlanWithdrawn);
            open = null;
        }
        if (wanted is null) return [];
        if (open is null) doors[key] = open = new(wanted, works);
        doorsOfNode.Add(wanted.NodeKey, key);
        var troubles = open.Follow(wanted, next.Nodes.GetValueOrDefault(wanted.NodeKey), time.GetUtcNow());
        open.RecheckProbes(port => reception.Serves(open, port)); // It may have got another node.
        if (open.Drains) draining.Add(key);
        else draining.Remove(key);
        return troubles;
    }

    private List<DoorTrouble> FollowUnnamed(RelayTable next) =>
        [.. doors.Keys.Where(k => !next.Doors.ContainsKey(k)).Concat(next.Doors.Keys.Where(k => !doors.ContainsKey(k))).ToList().SelectMany(k => FollowDoor(k, next))];

    /// <summary>Resets the probes held for a node's listeners that nobody can serve any more. Costs nothing while all can be served.</summary>
    private void RecheckProbes(string nodeKey)
    {
        if (!table.Nodes.TryGetValue(nodeKey, out var node)) return;
        if (node.Listeners.All(l => groups.InService(l.TargetGroupKey).For(node).Length > 0)) return;
        foreach (var key in doorsOfNode.Of(nodeKey))
            if (doors.TryGetValue(key, out var door)) door.RecheckProbes(port => reception.Serves(door, port));
    }

    /// <summary>8. A target's checks changed what is known of it.</summary>
    private void OnTargetHealth(string groupKey, TargetKey target, TargetHealth health, HealthStatus before)
    {
        lock (gate)
            foreach (var node in nodesOfGroup.Of(groupKey)) RecheckProbes(node);
        // Not when only the reason changed: what flows to it since then flows because nothing better is left (fail-open).
        if (health.Status == HealthStatus.Unhealthy && before != HealthStatus.Unhealthy) reception.CutFlowsTo(target);
        events?.TargetHealthChanged(target, health);
    }

    /// <summary>9. What no packet announces.</summary>
    private void Sweep()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var key in draining) doors[key].Tick(now);
        }
        reception.Sweep();
    }

    /// <summary>Acceptors first, so that other agents of the zone get what comes next; then the flows, with <see cref="FlowEnd.RelayStopped"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        List<OpenDoor> open;
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            open = [.. doors.Values];
        }
        await sweep.DisposeAsync();
        foreach (var door in open) door.CloseAcceptors();
        foreach (var door in open) door.Withdraw(FlowEnd.RelayStopped);
        groups.Dispose();
    }
}
