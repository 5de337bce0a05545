using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>Delete drains: names first, after one TTL nothing new, after the drain time a reset, and gone when every zone says so.</summary>
public sealed class DeletionTests
{
    private static readonly DeleteInterfaceEndpoint Delete = new(Consumer, Times, Now);
    private static readonly InterfaceEndpointDeleted Deleted = new(EndpointId, Now);

    [Fact]
    public void Deleting_an_accepted_endpoint_drains_it() =>
        In(EndpointState.Available).When(Delete).Then(DeleteRequested).Releasing();

    [Fact]
    public void Doors_stay_in_the_plan_until_the_cut()
    {
        var draining = In(EndpointState.Deleting);
        Assert.Equal((true, false, DeleteRequested.CutAt), (draining.State!.InPlan, draining.State.Accepted, draining.State.NextDeadline));
        draining.When(new PassTime(DeleteRequested.CutAt.AddTicks(-1))).ThenNothing();
        var drained = draining.When(new PassTime(DeleteRequested.CutAt)).Then(new EndpointDrained(EndpointId, DeleteRequested.CutAt))
            .Releasing([.. Doors.Select(d => (LoadBalancerDecider.PinScope(Balancer.Id), (string?)d.NetworkInterfaceId, d.NetworkInterfaceId)), (EndpointServiceDecider.LiveEndpointScope(ServiceId), (string?)EndpointId, EndpointId)]);
        Assert.Equal((false, EndpointState.Deleting), (((InterfaceEndpoint)drained.After!).InPlan, ((InterfaceEndpoint)drained.After).State));
    }

    [Fact]
    public void A_zone_cannot_have_withdrawn_what_the_plan_still_holds() =>
        In(EndpointState.Deleting).When(new ReportZoneWithdrawn(ZoneA, Now)).ThenRefused("InvalidState", RejectionKind.Conflict);

    [Fact]
    public void The_last_zone_that_withdraws_ends_it_and_everything_it_claimed_is_released()
    {
        var drained = In(EndpointState.Deleting).Given(new EndpointDrained(EndpointId, Now));
        drained.When(new ReportZoneWithdrawn(ZoneA, Now)).Then(new EndpointZoneWithdrawn(EndpointId, ZoneA, Now)).Releasing();
        drained.Given(new EndpointZoneWithdrawn(EndpointId, ZoneA, Now)).When(new ReportZoneWithdrawn(ZoneB, Now))
            .Then(new EndpointZoneWithdrawn(EndpointId, ZoneB, Now), Deleted).Releasing(Everything);
    }

    [Theory]
    [InlineData(EndpointState.PendingAcceptance)]
    [InlineData(EndpointState.Rejected)]
    [InlineData(EndpointState.Expired)]
    public void What_no_zone_holds_is_deleted_at_once(EndpointState state) =>
        In(state).When(Delete).Then(DeleteRequested with { AcceptUntil = Now, CutAt = Now }, Deleted).Releasing(Everything);

    [Fact]
    public void What_was_rejected_after_acceptance_waits_for_the_zones_but_does_not_drain()
    {
        var deleting = In(EndpointState.Available).Given(Rejected).When(Delete).Then(DeleteRequested with { AcceptUntil = Now, CutAt = Now });
        Assert.Equal((false, EndpointState.Deleting), (((InterfaceEndpoint)deleting.After!).InPlan, ((InterfaceEndpoint)deleting.After).State));
    }

    [Fact]
    public void Zones_may_withdraw_a_rejected_endpoint_before_it_is_deleted() =>
        In(EndpointState.Available).Given(Rejected, new EndpointZoneWithdrawn(EndpointId, ZoneA, Now), new EndpointZoneWithdrawn(EndpointId, ZoneB, Now))
            .When(Delete).Then(DeleteRequested with { AcceptUntil = Now, CutAt = Now }, Deleted);

    [Fact]
    public void The_provider_cannot_delete_a_consumers_endpoint() =>
        In(EndpointState.Available).When(Delete with { Actor = Provider }).ThenRefused("OperationNotPermitted", RejectionKind.Forbidden);

    private static readonly (string, string?, string)[] Everything =
    [
        .. Doors.Select(d => (VpcDecider.AddressScope(d.SubnetId), (string?)d.Address, d.NetworkInterfaceId)),
        (EndpointServiceDecider.LiveEndpointScope(ServiceId), EndpointId, EndpointId),
        ($"vpc-endpoint/{ConsumerVpcId}", EndpointId, EndpointId),
        ($"private-name/{ConsumerVpcId}", null, EndpointId),
    ];
}
