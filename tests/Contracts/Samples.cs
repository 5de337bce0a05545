namespace PrivateLinkCloud.Contracts.Tests;

/// <summary>One plan with every kind of entry, whole and consistent: what the tests break in one place each.</summary>
internal static class Samples
{
    public const string Zone = "use1-az1";
    public static readonly DateTimeOffset At = new(2026, 11, 23, 12, 34, 56, 789, TimeSpan.Zero);

    public static NetworkEntry ProviderNetwork { get; } = new() { Key = "network/vpc-a", Revision = 1, VpcId = "vpc-a", Cidr = "10.0.0.0/16" };
    public static NetworkEntry ConsumerNetwork { get; } = new() { Key = "network/vpc-b", Revision = 2, VpcId = "vpc-b", Cidr = "10.0.0.0/16" };
    public static TargetGroupEntry Group { get; } = new()
    {
        Key = "targetGroup/73e2d6bc24d8a067", Revision = 3, TargetGroupArn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/web/73e2d6bc24d8a067", VpcId = "vpc-a",
        HealthCheck = new TargetHealthCheck(7.5, 2.5, 3, 4), Targets = [new PlanTarget("10.0.1.9", 8080, Zone), new PlanTarget("10.0.2.9", 8081, "use1-az4")],
    };
    public static NodeEntry Node { get; } = new()
    {
        Key = "node/50dc6c495c0c9188/use1-az1", Revision = 4, LoadBalancerArn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/web/50dc6c495c0c9188",
        VpcId = "vpc-a", ZoneId = Zone, Address = "10.0.1.10", CrossZone = true, Listeners = [new NodeListener(443, Group.Key), new NodeListener(5432, Group.Key, 6000)],
    };
    public static DoorEntry Door { get; } = new()
    {
        Key = "door/eni-1", Revision = 5, EndpointId = "vpce-1", ServiceId = "vpce-svc-1", NetworkInterfaceId = "eni-1", VpcId = "vpc-b", ZoneId = Zone, Address = "10.0.1.10",
        NodeKey = Node.Key, ProbePort = 443,
    };
    /// <summary>Of another zone: only probed and named here, so its node need not be in the plan.</summary>
    public static DoorEntry DrainingDoorElsewhere { get; } = Door with
    {
        Key = "door/eni-2", Revision = 6, NetworkInterfaceId = "eni-2", ZoneId = "use1-az4", Address = "10.0.2.10", NodeKey = "node/50dc6c495c0c9188/use1-az4", ProbePort = null, AcceptUntil = At, CutAt = At.AddMinutes(5),
    };
    public static NameEntry Name { get; } = new()
    {
        Key = "name/vpc-b/db.example.com", Revision = 7, VpcId = "vpc-b", Name = "db.example.com", NameKind = NameKind.Private, DoorKeys = [Door.Key, DrainingDoorElsewhere.Key], TtlSeconds = 60,
    };

    public static IReadOnlyList<PlanEntry> Entries { get; } = [ProviderNetwork, ConsumerNetwork, Group, Node, Door, DrainingDoorElsewhere, Name];
    public static ZonePlan Plan { get; } = new() { ZoneId = Zone, Epoch = "e1", Revision = 7, Whole = true, Entries = Entries, Removed = ["door/eni-0"] };
    public static ZoneReport Report { get; } = new()
    {
        AgentId = "agent-1", Epoch = "e1", Revision = 7, LeaseSeconds = 10, Troubles = [new EntryTrouble("door/eni-1", "address in use")],
        Targets = [new TargetHealthSeen(Group.Key, "10.0.1.9", 8080, "unhealthy", "Target.FailedHealthChecks"), new TargetHealthSeen(Group.Key, "10.0.2.9", 8081, "healthy", null)],
    };
    public static ZoneDoorbell Doorbell { get; } = new() { ZoneId = Zone, Epoch = "e1", Revision = long.MaxValue };
    public static CommitNotice Notice { get; } = new() { From = "control-plane-1" };
    public static DueNotification Due { get; } = new()
    {
        Id = "msg_0123456789abcdef0123456789abcdef", SubscriptionArn = "arn:aws:sns:us-east-1:111111111111:connections:1", Destination = "https://hooks.example.com/plc?a=1&b=2", Secret = "whsec_c2VjcmV0+/==",
        Type = "endpoint.accept", OccurredAt = At, EndpointId = "vpce-1", Body = "{\"type\":\"endpoint.accept\",\"data\":{\"message\":\"für \\u003c\"}}",
    };
}
