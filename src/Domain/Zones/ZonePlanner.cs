using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.Zones;

/// <summary>
/// What must each zone do, given everything true? Station 6 of the walk. Each aggregate <em>owns</em> its entries: planning one yields all
/// entries it should have in every zone, and whatever else it owned goes. So the work of a change is the size of the aggregate, not
/// of the zone, and a missed or repeated event costs nothing: the result depends on the state alone.
/// <code>
///   Vpc ─────────► network   in every zone it has a subnet in
///   TargetGroup ─► targets   in every zone where a load balancer that forwards to it has a node
///   LoadBalancer ► node      in each of its zones                        points to: network, targets
///   Endpoint ────► door, names  in every zone of its VPC, once accepted  points to: network, node (own zone), doors
/// </code>
/// </summary>
public static class ZonePlanner
{
    public static OwnedEntries Plan(Vpc vpc) => new(vpc.Id, vpc.Deleted ? [] :
        vpc.Subnets.Select(s => s.ZoneId).Distinct().Select(zone => (zone, (PlanEntry)new NetworkEntry { Key = PlanKeys.Network(vpc.Id), VpcId = vpc.Id, Cidr = vpc.Cidr })));

    public static OwnedEntries Plan(TargetGroup group, IReadOnlyList<LoadBalancer> users)
    {
        var entry = new TargetGroupEntry
        {
            Key = PlanKeys.TargetGroup(group.Id),
            TargetGroupArn = group.Arn,
            VpcId = group.VpcId,
            HealthCheck = new TargetHealthCheck(group.HealthCheck.IntervalSeconds, group.HealthCheck.TimeoutSeconds, group.HealthCheck.HealthyThreshold, group.HealthCheck.UnhealthyThreshold),
            Targets = [.. group.Targets.Select(t => new PlanTarget(t.Address, t.Port, t.ZoneId))],
        };
        var zones = users.Where(l => !l.Deleted && l.Listeners.Any(x => x.TargetGroupArn == group.Arn)).SelectMany(l => l.Nodes).Select(n => n.ZoneId).Distinct();
        return new OwnedEntries(PlanOwners.TargetGroup(group.Id), group.Deleted ? [] : zones.Select(zone => (zone, (PlanEntry)entry)));
    }

    /// <param name="groupIds">Target group ARN → id, for every listener.</param>
    public static OwnedEntries Plan(LoadBalancer lb, IReadOnlyDictionary<string, string> groupIds) => new(PlanOwners.LoadBalancer(lb.Id), lb.Deleted ? [] : lb.Nodes.Select(node => (node.ZoneId, (PlanEntry)new NodeEntry
    {
        Key = PlanKeys.Node(lb.Id, node.ZoneId),
        LoadBalancerArn = lb.Arn,
        VpcId = lb.VpcId,
        ZoneId = node.ZoneId,
        Address = node.Address,
        CrossZone = lb.CrossZone,
        Listeners = [.. lb.Listeners.Select(l => new NodeListener(l.Port, PlanKeys.TargetGroup(groupIds[l.TargetGroupArn]), l.IdleTimeoutSeconds))],
    })));

    /// <param name="pinned">The load balancers the endpoint is pinned to, by id.</param>
    public static OwnedEntries Plan(InterfaceEndpoint endpoint, Vpc vpc, IReadOnlyDictionary<string, LoadBalancer> pinned)
    {
        if (!endpoint.InPlan) return new OwnedEntries(endpoint.Id, []) { Wish = endpoint.Wish };
        // 1. The doors: in every zone of the VPC, because every resolver of the VPC may answer with them.
        var entries = endpoint.Doors.Select(d => DoorOf(endpoint, d, pinned)).ToList<PlanEntry>();
        // 2. The names: gone as soon as the endpoint drains, so that clients stop coming before the doors close.
        if (endpoint.Accepted && vpc.EnableDnsSupport) entries.AddRange(NamesOf(endpoint, vpc.EnableDnsHostnames));
        return new OwnedEntries(endpoint.Id, from zone in vpc.Subnets.Select(s => s.ZoneId).Distinct() from entry in entries select (zone, entry)) { Wish = endpoint.Wish };
    }

    private static DoorEntry DoorOf(InterfaceEndpoint endpoint, EndpointDoor door, IReadOnlyDictionary<string, LoadBalancer> pinned)
    {
        var loadBalancerId = endpoint.Pins[door.NetworkInterfaceId];
        var ports = pinned.TryGetValue(loadBalancerId, out var lb) ? lb.Listeners.Select(l => l.Port).ToList() : [];
        return new DoorEntry
        {
            Key = PlanKeys.Door(door.NetworkInterfaceId),
            EndpointId = endpoint.Id,
            ServiceId = endpoint.ServiceId,
            NetworkInterfaceId = door.NetworkInterfaceId,
            VpcId = endpoint.VpcId,
            ZoneId = door.ZoneId,
            Address = door.Address,
            NodeKey = PlanKeys.Node(loadBalancerId, door.ZoneId),
            ProbePort = ports.Count > 0 ? ports.Min() : null,
            AcceptUntil = endpoint.State == EndpointState.Deleting ? endpoint.AcceptUntil : null,
            CutAt = endpoint.State == EndpointState.Deleting ? endpoint.CutAt : null,
        };
    }

    private static IEnumerable<NameEntry> NamesOf(InterfaceEndpoint endpoint, bool hostnames)
    {
        var all = endpoint.Doors.Select(d => PlanKeys.Door(d.NetworkInterfaceId)).ToList();
        yield return NameOf(endpoint, endpoint.RegionalName, NameKind.Regional, all);
        foreach (var door in endpoint.Doors) yield return NameOf(endpoint, door.ZonalName, NameKind.Zonal, [PlanKeys.Door(door.NetworkInterfaceId)]);
        if (hostnames && endpoint.PrivateDnsName is { } name) yield return NameOf(endpoint, name, NameKind.Private, all);
    }

    private static NameEntry NameOf(InterfaceEndpoint endpoint, string name, NameKind kind, IReadOnlyList<string> doorKeys) =>
        new() { Key = PlanKeys.Name(endpoint.VpcId, name), VpcId = endpoint.VpcId, Name = name, NameKind = kind, DoorKeys = doorKeys };
}

/// <summary>Everything one aggregate should have in the zones' plans; what else it has there is to go.</summary>
public sealed record OwnedEntries
{
    public OwnedEntries(string owner, IEnumerable<(string ZoneId, PlanEntry Entry)> entries)
    {
        Owner = owner;
        Entries = [.. entries];
    }

    public string Owner { get; }
    public IReadOnlyList<(string ZoneId, PlanEntry Entry)> Entries { get; }

    /// <summary>An endpoint's <see cref="InterfaceEndpoint.Wish"/> that these entries fulfil; null for other owners.</summary>
    public int? Wish { get; init; }
}

/// <summary>How owners are named: VPCs and endpoints by their ids, the others with their kind in front.</summary>
public static class PlanOwners
{
    public static string LoadBalancer(string id) => $"load-balancer/{id}";
    public static string TargetGroup(string id) => $"target-group/{id}";

    /// <summary>Who owns an entry that others point to; null for entries that only their own endpoint points to.</summary>
    public static string? OfKey(string key) => key.Split('/') switch
    {
        ["network", var vpc] => vpc,
        ["node", var loadBalancer, _] => LoadBalancer(loadBalancer),
        ["targetGroup", var group] => TargetGroup(group),
        _ => null,
    };
}
