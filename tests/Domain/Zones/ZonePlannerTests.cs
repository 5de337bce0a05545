using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using PrivateLinkCloud.Domain.Zones;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>Station 6 of the walk: what each zone must do, given everything true.</summary>
public sealed class ZonePlannerTests
{
    private const string ZoneC = "use1-az6";
    private static readonly Dictionary<string, LoadBalancer> Pinned = new() { [Balancer.Id] = Balancer };
    private static readonly EndpointPrivateDnsEnabled Named = new(EndpointId, Consumer, PrivateName, PartialAt, FailedAt, Now);
    private static readonly Vpc VpcInThreeZones = Fold(ConsumerVpc, new SubnetCreated(ConsumerVpcId, "subnet-0000000000000b003", "10.0.3.0/24", ZoneC, Now));

    [Fact]
    public void A_vpc_is_a_network_once_in_every_zone_it_has_a_subnet_in()
    {
        var twoInA = Fold(ConsumerVpc, new SubnetCreated(ConsumerVpcId, "subnet-0000000000000b009", "10.0.9.0/24", ZoneA, Now));
        var network = new NetworkEntry { Key = $"network/{ConsumerVpcId}", VpcId = ConsumerVpcId, Cidr = "10.0.0.0/16" };
        Assert.Equal([(ZoneA, network), (ZoneB, network)], ZonePlanner.Plan(twoInA).Entries);
        Assert.Empty(ZonePlanner.Plan(ConsumerVpc with { Deleted = true }).Entries);
    }

    [Fact]
    public void A_target_group_is_wherever_a_load_balancer_that_forwards_to_it_has_a_node()
    {
        var group = Fold(Group, new TargetsRegistered(Group.Id, [new RegisteredTarget("10.0.1.9", 8080, ZoneA)], Now));
        var onlyB = SecondBalancer with { Nodes = [SecondBalancer.Nodes[1]] };
        var entry = new TargetGroupEntry { Key = $"targetGroup/{Group.Id}", TargetGroupArn = Group.Arn, VpcId = ProviderVpcId, HealthCheck = new TargetHealthCheck(30, 10, 5, 2), Targets = [new PlanTarget("10.0.1.9", 8080, ZoneA)] };
        Assert.Equal([(ZoneB, entry)], ZonePlanner.Plan(group, [onlyB]).Entries);
        Assert.Equal([ZoneA, ZoneB], ZonePlanner.Plan(group, [Balancer, onlyB]).Entries.Select(e => e.ZoneId));
        Assert.Empty(ZonePlanner.Plan(group, [Balancer with { Listeners = [] }]).Entries);
        Assert.Empty(ZonePlanner.Plan(group, [Balancer with { Deleted = true }]).Entries);
        Assert.Empty(ZonePlanner.Plan(group with { Deleted = true }, [Balancer]).Entries);
    }

    [Fact]
    public void A_load_balancer_is_one_node_in_each_of_its_zones()
    {
        var planned = ZonePlanner.Plan(Balancer with { CrossZone = true }, new Dictionary<string, string> { [Group.Arn] = Group.Id }).Entries;
        Assert.Equal([ZoneA, ZoneB], planned.Select(e => e.ZoneId));
        Assert.Equal(new NodeEntry
        {
            Key = $"node/{Balancer.Id}/{ZoneA}", LoadBalancerArn = Balancer.Arn, VpcId = ProviderVpcId, ZoneId = ZoneA, Address = "10.0.1.10", CrossZone = true,
            Listeners = [new NodeListener(443, $"targetGroup/{Group.Id}", 350)],
        }, planned[0].Entry);
        Assert.Empty(ZonePlanner.Plan(Balancer with { Deleted = true }, new Dictionary<string, string>()).Entries);
    }

    [Fact]
    public void All_doors_are_in_every_zone_of_the_vpc_because_every_resolver_may_answer_with_them()
    {
        var planned = Plan(EndpointState.Pending, VpcInThreeZones);
        Assert.Equal([ZoneA, ZoneB, ZoneC], planned.Select(e => e.ZoneId).Distinct());
        var inC = planned.Where(e => e.ZoneId == ZoneC).Select(e => e.Entry).ToList();
        Assert.Equal(inC, planned.Where(e => e.ZoneId == ZoneA).Select(e => e.Entry));
        Assert.Equal(new DoorEntry
        {
            Key = $"door/{Doors[0].NetworkInterfaceId}", EndpointId = EndpointId, ServiceId = ServiceId, NetworkInterfaceId = Doors[0].NetworkInterfaceId,
            VpcId = ConsumerVpcId, ZoneId = ZoneA, Address = "10.0.1.4", NodeKey = $"node/{Balancer.Id}/{ZoneA}", ProbePort = 443,
        }, inC[0]);
    }

    [Fact]
    public void Names_answer_with_all_doors_except_the_zonal_ones_with_their_own()
    {
        var names = ZonePlanner.Plan(Fold<InterfaceEndpoint>([.. HistoryOf(EndpointState.Available), Named]), ConsumerVpc, Pinned).Entries
            .Where(e => e.ZoneId == ZoneA).Select(e => e.Entry).OfType<NameEntry>().Select(n => (n.Key, n.Name, n.NameKind, Doors: string.Join(" ", n.DoorKeys), n.TtlSeconds));
        var (a, b) = ($"door/{Doors[0].NetworkInterfaceId}", $"door/{Doors[1].NetworkInterfaceId}");
        Assert.Equal(
        [
            ($"name/{ConsumerVpcId}/{Request.RegionalName}", Request.RegionalName, NameKind.Regional, $"{a} {b}", 60),
            ($"name/{ConsumerVpcId}/{Doors[0].ZonalName}", Doors[0].ZonalName, NameKind.Zonal, a, 60),
            ($"name/{ConsumerVpcId}/{Doors[1].ZonalName}", Doors[1].ZonalName, NameKind.Zonal, b, 60),
            ($"name/{ConsumerVpcId}/{PrivateName}", PrivateName, NameKind.Private, $"{a} {b}", 60),
        ], names);
    }

    [Theory]
    [InlineData(EndpointState.PendingAcceptance, 0, 0)] // nothing before acceptance
    [InlineData(EndpointState.Pending, 2, 3)]
    [InlineData(EndpointState.Available, 2, 3)]
    [InlineData(EndpointState.Partial, 2, 3)]
    [InlineData(EndpointState.Failed, 2, 3)] // so that it can recover
    [InlineData(EndpointState.Rejected, 0, 0)] // everything at once
    [InlineData(EndpointState.Expired, 0, 0)]
    [InlineData(EndpointState.Deleting, 2, 0)] // names first, doors drain
    [InlineData(EndpointState.Deleted, 0, 0)]
    public void In_each_state_a_zone_has_these_many_doors_and_names(EndpointState state, int doors, int names)
    {
        var inA = Plan(state, ConsumerVpc).Where(e => e.ZoneId == ZoneA).Select(e => e.Entry).ToList();
        Assert.Equal((doors, names), (inA.OfType<DoorEntry>().Count(), inA.OfType<NameEntry>().Count()));
        Assert.Equal(doors + names, inA.Count);
    }

    [Fact]
    public void A_draining_door_says_until_when_it_accepts_and_when_it_cuts()
    {
        Assert.All(Plan(EndpointState.Deleting, ConsumerVpc).Select(e => (DoorEntry)e.Entry), d => Assert.Equal((DeleteRequested.AcceptUntil, DeleteRequested.CutAt), (d.AcceptUntil, d.CutAt)));
        Assert.All(Plan(EndpointState.Available, ConsumerVpc).Select(e => e.Entry).OfType<DoorEntry>(), d => Assert.Equal((null, null), (d.AcceptUntil, d.CutAt)));
        Assert.Empty(ZonePlanner.Plan(Fold<InterfaceEndpoint>([.. HistoryOf(EndpointState.Deleting), new EndpointDrained(EndpointId, Now)]), ConsumerVpc, Pinned).Entries);
    }

    [Theory]
    [InlineData(true, true, 4)]
    [InlineData(true, false, 3)] // the private name needs both attributes
    [InlineData(false, true, 0)] // no DNS in the VPC, no names
    public void The_vpcs_dns_attributes_decide_which_names_there_are(bool support, bool hostnames, int names)
    {
        var vpc = Fold(ConsumerVpc, new VpcDnsAttributesSet(ConsumerVpcId, support, hostnames, Now));
        var entries = ZonePlanner.Plan(Fold<InterfaceEndpoint>([.. HistoryOf(EndpointState.Available), Named]), vpc, Pinned).Entries.Where(e => e.ZoneId == ZoneA);
        Assert.Equal(names, entries.Count(e => e.Entry is NameEntry));
    }

    [Fact]
    public void A_door_is_probed_at_the_lowest_listener_port_and_never_passes_without_one()
    {
        var two = Fold(Balancer, new ListenerCreated(Balancer.Id, 80, Group.Arn, 350, Now));
        Assert.Equal(80, ProbePort(two));
        Assert.Null(ProbePort(Balancer with { Listeners = [] }));

        static int? ProbePort(LoadBalancer lb) => ZonePlanner.Plan(Fold<InterfaceEndpoint>(HistoryOf(EndpointState.Pending)), ConsumerVpc, new Dictionary<string, LoadBalancer> { [lb.Id] = lb })
            .Entries.Select(e => e.Entry).OfType<DoorEntry>().First().ProbePort;
    }

    [Fact]
    public void Planning_twice_gives_equal_entries_so_that_nothing_is_stamped_anew() =>
        Assert.Equal(Plan(EndpointState.Available, ConsumerVpc), Plan(EndpointState.Available, ConsumerVpc));

    private static IReadOnlyList<(string ZoneId, PlanEntry Entry)> Plan(EndpointState state, Vpc vpc) =>
        ZonePlanner.Plan(Fold<InterfaceEndpoint>(HistoryOf(state)), vpc, Pinned).Entries;
}
