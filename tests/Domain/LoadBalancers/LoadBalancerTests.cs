using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-22…S-26, S-44.</summary>
public sealed class LoadBalancerTests
{
    private static readonly CreateLoadBalancer Create = new(Balancer.Id, Balancer.Arn, Provider, ProviderVpc, "nlb10", false, Balancer.Nodes, Now);
    private static readonly LoadBalancerCreated Created = new(Balancer.Id, Balancer.Arn, Provider, ProviderVpcId, "nlb10", false, Balancer.Nodes, Now);
    private static readonly ListenerCreated Listening = new(Balancer.Id, 443, Group.Arn, 350, Now);
    private static Story<LoadBalancer> ABalancer => Laws.LoadBalancers.Given(Created);

    [Fact]
    public void A_load_balancer_has_one_node_per_zone_and_claims_its_addresses_and_its_name() =>
        Laws.LoadBalancers.When(Create).Then(Created).Claiming(
            [.. Balancer.Nodes.Select(n => (VpcDecider.AddressScope(n.SubnetId), n.Address, n.NetworkInterfaceId)), ($"load-balancer-name/{Provider}", "nlb10", Balancer.Id)]);

    [Fact]
    public void A_load_balancer_needs_a_subnet() => Laws.LoadBalancers.When(Create with { Nodes = [] }).ThenRefused("InvalidSubnet");

    [Fact]
    public void Two_subnets_of_one_zone_are_refused() =>
        Laws.LoadBalancers.When(Create with { Nodes = [Balancer.Nodes[0], Balancer.Nodes[0] with { SubnetId = "subnet-0000000000000a009" }] }).ThenRefused("DuplicateSubnetsInSameZone");

    [Theory]
    [InlineData(null)]
    [InlineData("an_lb")]
    [InlineData("nlb\n")]
    public void A_malformed_name_is_refused(string? name) => Laws.LoadBalancers.When(Create with { Name = name }).ThenRefused("InvalidLoadBalancerName");

    [Fact]
    public void An_id_is_never_used_twice() => ABalancer.When(Create).ThenRefused("InvalidLoadBalancer.Exists", RejectionKind.Conflict);

    [Fact]
    public void A_listener_forwards_a_port_to_a_target_group_and_claims_its_use() =>
        ABalancer.When(Listen()).Then(Listening).Claiming((TargetGroupDecider.UseScope(Group.Arn), $"{Balancer.Id}:443", Balancer.Id));

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public void A_listeners_port_is_1_to_65535(int port) => ABalancer.When(Listen() with { Port = port }).ThenRefused("InvalidPort");

    [Theory]
    [InlineData(59)]
    [InlineData(6001)]
    public void The_idle_timeout_is_60_to_6000_seconds(int seconds) => ABalancer.When(Listen() with { IdleTimeoutSeconds = seconds }).ThenRefused("InvalidIdleTimeout");

    [Fact]
    public void A_target_group_of_another_vpc_is_refused() =>
        ABalancer.When(Listen() with { TargetGroup = Group with { VpcId = ConsumerVpcId } }).ThenRefused("InvalidTargetGroup.Vpc");

    [Fact]
    public void A_port_has_one_listener()
    {
        var listening = ABalancer.Given(Listening);
        listening.When(Listen()).ThenNothing();
        listening.When(Listen() with { IdleTimeoutSeconds = 60 }).ThenRefused("DuplicateListener", RejectionKind.Conflict);
        listening.When(Listen() with { TargetGroup = Group with { Arn = Group.Arn + "x" } }).ThenRefused("DuplicateListener", RejectionKind.Conflict);
    }

    [Fact]
    public void The_fifty_first_listener_is_refused() =>
        ABalancer.Given([.. Enumerable.Range(1, LoadBalancerDecider.ListenersPerLoadBalancer).Select(p => Listening with { Port = p })])
            .When(Listen()).ThenRefused("TooManyListeners", RejectionKind.LimitExceeded);

    [Fact]
    public void Deleting_a_listener_gives_its_target_group_up() =>
        ABalancer.Given(Listening).When(new DeleteListener(443, Now)).Then(new ListenerDeleted(Balancer.Id, 443, Now))
            .Releasing((TargetGroupDecider.UseScope(Group.Arn), $"{Balancer.Id}:443", Balancer.Id));

    [Fact]
    public void Deleting_a_listener_that_is_not_there_changes_nothing() => ABalancer.When(new DeleteListener(443, Now)).ThenNothing();

    [Fact]
    public void Cross_zone_is_off_until_set()
    {
        ABalancer.When(new SetCrossZone(false, Now)).ThenNothing();
        ABalancer.When(new SetCrossZone(true, Now)).Then(new CrossZoneSet(Balancer.Id, true, Now));
    }

    [Fact]
    public void Deleting_gives_up_everything_it_claimed_unless_a_service_uses_it() =>
        ABalancer.Given(Listening).When(new DeleteLoadBalancer(Now)).Then(new LoadBalancerDeleted(Balancer.Id, Now))
            .Releasing(
            [
                .. Balancer.Nodes.Select(n => (VpcDecider.AddressScope(n.SubnetId), (string?)n.Address, n.NetworkInterfaceId)),
                (TargetGroupDecider.UseScope(Group.Arn), $"{Balancer.Id}:443", Balancer.Id),
                ($"load-balancer-name/{Provider}", null, Balancer.Id),
            ])
            .UnlessUsed((LoadBalancerDecider.ServiceScope(Balancer.Arn), "ResourceInUse"), (LoadBalancerDecider.PinScope(Balancer.Id), "ResourceInUse"));

    private static CreateListener Listen() => new(443, Group, 350, Now);
}
