using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Plan entries in the shapes that relay, prober and resolver understand. The plan is consistent: what an entry points to is there.</summary>
public static class Compile
{
    public static Door Door(DoorEntry door, HeldPlan plan) => new(
        door.Key, door.EndpointId, door.VpcId, IPAddress.Parse(door.Address), ProbeSource(door.VpcId, plan), door.NodeKey, door.AcceptUntil, door.CutAt);

    public static Node Node(NodeEntry node) => new(
        node.Key, node.VpcId, IPAddress.Parse(node.Address), node.ZoneId, node.CrossZone,
        [.. node.Listeners.Select(l => new Listener(l.Port, l.TargetGroupKey, TimeSpan.FromSeconds(l.IdleTimeoutSeconds)))]);

    public static TargetGroup TargetGroup(TargetGroupEntry group) => new(
        group.Key,
        new HealthCheck(TimeSpan.FromSeconds(group.HealthCheck.IntervalSeconds), TimeSpan.FromSeconds(group.HealthCheck.TimeoutSeconds),
            group.HealthCheck.HealthyThreshold, group.HealthCheck.UnhealthyThreshold),
        [.. group.Targets.Select(t => new Target(IPAddress.Parse(t.Address), t.Port, t.ZoneId))]);

    /// <summary>Null: the load balancer has no listener, so there is nothing to connect to and the door never passes.</summary>
    public static ProbedDoor? Probe(DoorEntry door, HeldPlan plan) => door.ProbePort is not { } port ? null
        : new(door.Key, door.VpcId, ProbeSource(door.VpcId, plan), IPAddress.Parse(door.Address), port);

    public static ViewName Name(NameEntry name, HeldPlan plan) => new(
        name.Name, [.. name.DoorKeys.Select(key => new ViewDoor(key, IPAddress.Parse(((DoorEntry)plan.Entries[key]).Address)))],
        name.TtlSeconds, Overlay: name.NameKind == NameKind.Private);

    public static IPAddress ResolverAddress(NetworkEntry network) => IPAddress.Parse(PlanIntegrity.Reserved(network.Cidr, 2));

    private static IPAddress ProbeSource(string vpcId, HeldPlan plan) =>
        IPAddress.Parse(PlanIntegrity.Reserved(((NetworkEntry)plan.Entries[PlanKeys.Network(vpcId)]).Cidr, 3));
}
