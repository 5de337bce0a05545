using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent.Tests;

/// <summary>Plan entries for tests, short to write: zone <c>z1</c> is the agent's own.</summary>
internal static class Sample
{
    public const string Zone = "z1", OtherZone = "z2", Cidr = "10.0.0.0/16";

    public static NetworkEntry Network(string vpc, string cidr = Cidr) => new() { Key = PlanKeys.Network(vpc), VpcId = vpc, Cidr = cidr };

    public static DoorEntry Door(string eni, string vpc, string address, string node = "node/lb/z1", string zone = Zone, int? probePort = 80) => new()
    {
        Key = PlanKeys.Door(eni), EndpointId = $"vpce-{eni}", ServiceId = "vpce-svc-1", NetworkInterfaceId = eni, VpcId = vpc, ZoneId = zone,
        Address = address, NodeKey = node, ProbePort = probePort,
    };

    public static NodeEntry Node(string lb, string vpc, string address, string group, string zone = Zone) => new()
    {
        Key = PlanKeys.Node(lb, zone), LoadBalancerArn = $"arn:{lb}", VpcId = vpc, ZoneId = zone, Address = address,
        Listeners = [new NodeListener(80, PlanKeys.TargetGroup(group))],
    };

    public static TargetGroupEntry Group(string group, string vpc, params PlanTarget[] targets) => new()
    {
        Key = PlanKeys.TargetGroup(group), TargetGroupArn = $"arn:{group}", VpcId = vpc, Targets = targets,
        HealthCheck = new TargetHealthCheck(IntervalSeconds: 0.2, TimeoutSeconds: 1, HealthyThreshold: 2, UnhealthyThreshold: 2),
    };

    public static NameEntry Name(string vpc, string name, NameKind kind, params string[] enis) =>
        new() { Key = PlanKeys.Name(vpc, name), VpcId = vpc, Name = name, NameKind = kind, DoorKeys = [.. enis.Select(PlanKeys.Door)] };

    /// <summary>A provider <c>vpc-p</c> with one load balancer and one target, a consumer <c>vpc-a</c> with one door and one name.</summary>
    public static IReadOnlyList<PlanEntry> Small() =>
    [
        Network("vpc-p"), Group("tg", "vpc-p", new PlanTarget("10.0.9.1", 8080, Zone)), Node("lb", "vpc-p", "10.0.1.20", "tg"),
        Network("vpc-a"), Door("a", "vpc-a", "10.0.1.10"), Name("vpc-a", "a.example.com", NameKind.Private, "a"),
    ];

    public static ZonePlan Whole(IReadOnlyList<PlanEntry> entries, long revision = 1, string epoch = "e1") =>
        new() { ZoneId = Zone, Epoch = epoch, Revision = revision, Whole = true, Empty = entries.Count == 0, Entries = entries };

    public static ZonePlan Changes(long revision, IReadOnlyList<PlanEntry> entries, params string[] removed) =>
        new() { ZoneId = Zone, Epoch = "e1", Revision = revision, Whole = false, Entries = entries, Removed = removed };

    public static HeldPlan Held(params IReadOnlyList<PlanEntry> entries) => Taken(HeldPlan.None(Zone), Whole(entries)).Plan;

    public static MergeResult.Taken Taken(HeldPlan held, ZonePlan update) => PlanMerge.Take(held, update) switch
    {
        MergeResult.Taken taken => taken,
        MergeResult.Refused refused => throw new InvalidOperationException(refused.Reason),
        var other => throw new InvalidOperationException(other.ToString()),
    };
}
