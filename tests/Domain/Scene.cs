using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// Who and what the stories are about: a provider and a consumer whose VPCs are both 10.0.0.0/16, two zones, two load balancers with a
/// node in each. Everything is made of events.
/// </summary>
internal static class Scene
{
    public const string Provider = "111111111111";
    public const string Consumer = "222222222222";
    public const string Stranger = "333333333333";
    public const string RegionId = "us-east-1";
    public const string ZoneA = "use1-az1";
    public const string ZoneB = "use1-az4";
    public const string ServiceId = "vpce-svc-0123456789abcdef0";
    public const string ServiceName = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    public const string EndpointId = "vpce-0fe5b17a0707d6abc";
    public const string PrivateName = "db.example.com";
    public const string ProviderVpcId = "vpc-0000000000000000a";
    public const string ConsumerVpcId = "vpc-0000000000000000b";

    public static DateTimeOffset Now { get; } = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public static EndpointTimes Times { get; } = EndpointTimes.Default;

    public static Vpc ProviderVpc { get; } = Fold<Vpc>(
        new VpcCreated(ProviderVpcId, Provider, RegionId, "10.0.0.0/16", Now),
        new SubnetCreated(ProviderVpcId, "subnet-0000000000000a001", "10.0.1.0/24", ZoneA, Now),
        new SubnetCreated(ProviderVpcId, "subnet-0000000000000a002", "10.0.2.0/24", ZoneB, Now));

    public static Vpc ConsumerVpc { get; } = Fold<Vpc>(
        new VpcCreated(ConsumerVpcId, Consumer, RegionId, "10.0.0.0/16", Now),
        new SubnetCreated(ConsumerVpcId, "subnet-0000000000000b001", "10.0.1.0/24", ZoneA, Now),
        new SubnetCreated(ConsumerVpcId, "subnet-0000000000000b002", "10.0.2.0/24", ZoneB, Now));

    public static TargetGroup Group { get; } = Fold<TargetGroup>(
        new TargetGroupCreated("0123456789abcdef", Naming.Default.TargetGroupArn(RegionId, Provider, "web", "0123456789abcdef"), Provider, ProviderVpcId, "web", 8080, new HealthCheckSettings(), Now));

    public static LoadBalancer Balancer { get; } = BalancerOf("lb00000000000001", 10);
    public static LoadBalancer SecondBalancer { get; } = BalancerOf("lb00000000000002", 20);

    public static EndpointService Service { get; } = Fold<EndpointService>(
        new EndpointServiceCreated(ServiceId, ServiceName, Provider, RegionId, [Balancer.Arn, SecondBalancer.Arn], true, Now));

    public static EndpointService NamedService { get; } = Fold(Service,
        new EndpointServicePrivateDnsNameSet(ServiceId, PrivateName, Now), new EndpointServicePrivateDnsNameConfirmed(ServiceId, PrivateName, "operator", Now));

    public static IReadOnlyList<EndpointDoor> Doors { get; } =
    [
        new("eni-00000000000000001", "subnet-0000000000000b001", ZoneA, "us-east-1c", "10.0.1.4", Naming.Default.ZonalName(EndpointId, "29p5708s", "us-east-1c", ServiceId, RegionId)),
        new("eni-00000000000000002", "subnet-0000000000000b002", ZoneB, "us-east-1a", "10.0.2.4", Naming.Default.ZonalName(EndpointId, "29p5708s", "us-east-1a", ServiceId, RegionId)),
    ];

    public static RequestInterfaceEndpoint Request { get; } = new(EndpointId, Consumer, ServiceName, Service, [Balancer, SecondBalancer], ConsumerVpc, Doors,
        Naming.Default.RegionalName(EndpointId, "29p5708s", ServiceId, RegionId), "please", false, 50, Times, Now);

    public static T Fold<T>(params IReadOnlyList<object> events) where T : class, IFold<T> => Fold<T>(null, events);
    public static T Fold<T>(T? state, params IReadOnlyList<object> events) where T : class, IFold<T> => events.Aggregate(state, T.Evolve)!;

    private static LoadBalancer BalancerOf(string id, int host) => Fold<LoadBalancer>(
        new LoadBalancerCreated(id, Naming.Default.LoadBalancerArn(RegionId, Provider, $"nlb{host}", id), Provider, ProviderVpcId, $"nlb{host}", false,
        [
            new LoadBalancerNode(ZoneA, "subnet-0000000000000a001", $"eni-000000000000{host}a01", $"10.0.1.{host}"),
            new LoadBalancerNode(ZoneB, "subnet-0000000000000a002", $"eni-000000000000{host}a02", $"10.0.2.{host}"),
        ], Now),
        new ListenerCreated(id, 443, Group.Arn, 350, Now));
}
