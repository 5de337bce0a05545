using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>The zones report, the clock ticks: truth comes from evidence (house §4).</summary>
public sealed class ReadinessTests
{
    private static readonly ReportZoneDeployed ReadyInA = new(ZoneA, "agent-1", 7, Now);
    private static readonly ReportZoneDeployed ReadyInB = new(ZoneB, "agent-1", 7, Now);
    private static readonly EndpointBecameAvailable Available = new(EndpointId, Now);

    [Fact]
    public void The_last_zone_makes_it_available_however_late()
    {
        In(EndpointState.Pending).When(ReadyInA).Then(DeployedInA);
        After(Requested, Accepted, DeployedInA).When(ReadyInB).Then(DeployedInB, Available);
        In(EndpointState.Partial).When(ReadyInB).Then(DeployedInB, Available);
    }

    [Fact]
    public void Some_zones_are_partial_only_after_a_while()
    {
        var some = After(Requested, Accepted, DeployedInA);
        Assert.Equal(PartialAt, some.State!.NextDeadline);
        some.When(new PassTime(PartialAt.AddTicks(-1))).ThenNothing();
        some.When(new PassTime(PartialAt)).Then(new EndpointBecamePartial(EndpointId, [ZoneB], PartialAt));
    }

    [Fact]
    public void No_zone_is_failed_only_after_longer()
    {
        var none = In(EndpointState.Pending);
        Assert.Equal(FailedAt, none.State!.NextDeadline);
        none.When(new PassTime(PartialAt)).ThenNothing();
        var failed = none.When(new PassTime(FailedAt)).Then(new EndpointFailed(EndpointId, "No zone agent has reported the endpoint as deployed.", FailedAt));
        Assert.True(((InterfaceEndpoint)failed.After!).InPlan); // so that it can recover
    }

    [Fact]
    public void A_failed_endpoint_recovers_over_partial()
    {
        In(EndpointState.Failed).When(ReadyInA).Then(DeployedInA, new EndpointBecamePartial(EndpointId, [ZoneB], Now));
        After(Requested, Accepted, DeployedInA).When(new ReportZoneDeployed(ZoneA, "agent-2", 8, PartialAt)).ThenNothing();
    }

    [Fact]
    public void The_first_zone_after_the_while_is_partial_at_once() =>
        In(EndpointState.Pending).When(ReadyInA with { Now = PartialAt })
            .Then(DeployedInA with { At = PartialAt }, new EndpointBecamePartial(EndpointId, [ZoneB], PartialAt));

    [Fact]
    public void A_lost_zone_makes_an_available_endpoint_partial_and_its_return_available_again()
    {
        var lost = new EndpointZoneLost(EndpointId, ZoneA, FailedAt, Now);
        In(EndpointState.Available).When(new ReportZoneLost(ZoneA, Times, Now)).Then(lost, new EndpointBecamePartial(EndpointId, [ZoneA], Now));
        In(EndpointState.Available).Given(lost, new EndpointBecamePartial(EndpointId, [ZoneA], Now)).When(ReadyInA).Then(DeployedInA, Available);
    }

    [Fact]
    public void When_every_zone_is_lost_it_fails_after_a_while_and_stays_in_the_plan()
    {
        var allLost = In(EndpointState.Partial).Given(new EndpointZoneLost(EndpointId, ZoneA, FailedAt, Now), new EndpointBecamePartial(EndpointId, [ZoneB, ZoneA], Now));
        Assert.Equal(FailedAt, allLost.State!.NextDeadline);
        allLost.When(new PassTime(FailedAt)).Then(new EndpointFailed(EndpointId, "No zone agent has reported the endpoint as deployed.", FailedAt));
    }

    [Fact]
    public void A_zone_lost_while_pending_counts_as_not_ready() =>
        After(Requested, Accepted, DeployedInA).When(new ReportZoneLost(ZoneA, Times, Now)).Then(new EndpointZoneLost(EndpointId, ZoneA, FailedAt, Now));

    [Fact]
    public void A_zone_that_is_not_the_endpoints_does_not_count() =>
        In(EndpointState.Pending).When(ReadyInA with { ZoneId = "use1-az9" }).ThenRefused("InvalidState", RejectionKind.Conflict);

    [Fact]
    public void An_unanswered_request_expires_on_the_tick()
    {
        In(EndpointState.PendingAcceptance).When(new PassTime(Requested.ExpiresAt.AddTicks(-1))).ThenNothing();
        In(EndpointState.PendingAcceptance).When(new PassTime(Requested.ExpiresAt)).Then(new EndpointRequestExpired(EndpointId, Requested.ExpiresAt)).Releasing((EndpointServiceDecider.LiveEndpointScope(ServiceId), EndpointId, EndpointId));
    }
}
