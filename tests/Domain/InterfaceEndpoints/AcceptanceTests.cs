using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>The provider answers (S-47, S-62).</summary>
public sealed class AcceptanceTests
{
    [Theory]
    [InlineData(EndpointState.Failed, "Wait until an agent")]
    [InlineData(EndpointState.Expired, "request a new one")]
    [InlineData(EndpointState.Deleting, "request a new one")]
    [InlineData(EndpointState.Deleted, "request a new one")]
    public void Who_cannot_accept_an_endpoint_is_told_what_to_do_instead(EndpointState state, string remedy) =>
        In(state).When(new AcceptEndpointConnection(Provider, [Balancer], Times, Now)).ThenRefused("InvalidState", RejectionKind.Conflict).Saying(remedy);

    private static readonly AcceptEndpointConnection Accept = new(Provider, [Balancer, SecondBalancer], Times, Now);

    private static readonly (string, string?, string)[] Pins = [.. Doors.Select(d => (LoadBalancerDecider.PinScope(Balancer.Id), (string?)d.NetworkInterfaceId, d.NetworkInterfaceId))];

    [Fact]
    public void Accepting_pins_every_interface_to_one_load_balancer_of_its_zone()
    {
        var onlyB = SecondBalancer with { Nodes = [.. SecondBalancer.Nodes.Where(n => n.ZoneId == ZoneB)] };
        var pins = In(EndpointState.PendingAcceptance).When(Accept with { LoadBalancers = [Balancer with { Nodes = [Balancer.Nodes[0]] }, onlyB] })
            .Then(Accepted with { Pins = new Dictionary<string, string> { [Doors[0].NetworkInterfaceId] = Balancer.Id, [Doors[1].NetworkInterfaceId] = SecondBalancer.Id } })
            .Claiming((EndpointServiceDecider.LiveEndpointScope(ServiceId), EndpointId, EndpointId), (LoadBalancerDecider.PinScope(Balancer.Id), Doors[0].NetworkInterfaceId, Doors[0].NetworkInterfaceId), (LoadBalancerDecider.PinScope(SecondBalancer.Id), Doors[1].NetworkInterfaceId, Doors[1].NetworkInterfaceId));
        Assert.Equal([ZoneA, ZoneB], ((InterfaceEndpoint)pins.After!).HoldingZoneIds);
    }

    [Fact]
    public void Accepting_again_keeps_the_pins_whatever_the_candidates_are_now() =>
        In(EndpointState.Available).When(Accept with { LoadBalancers = [SecondBalancer] }).ThenNothing();

    [Fact]
    public void A_zone_without_a_load_balancer_is_refused_until_there_is_one() =>
        In(EndpointState.PendingAcceptance).When(Accept with { LoadBalancers = [Balancer with { Nodes = [Balancer.Nodes[0]] }] })
            .ThenRefused("ZoneWithoutLoadBalancer", RejectionKind.Conflict);

    [Fact]
    public void The_consumer_neither_accepts_nor_rejects()
    {
        In(EndpointState.PendingAcceptance).When(Accept with { Actor = Consumer }).ThenRefused("OperationNotPermitted", RejectionKind.Forbidden);
        In(EndpointState.PendingAcceptance).When(new RejectEndpointConnection(Consumer, Now)).ThenRefused("OperationNotPermitted", RejectionKind.Forbidden);
    }

    [Fact]
    public void Rejecting_takes_it_out_of_the_plan_at_once_and_remembers_who_still_holds_it()
    {
        var rejected = (InterfaceEndpoint)In(EndpointState.Available).When(new RejectEndpointConnection(Provider, Now)).Then(Rejected).Releasing([.. Pins, (EndpointServiceDecider.LiveEndpointScope(ServiceId), (string?)EndpointId, EndpointId)]).After!;
        Assert.False(rejected.InPlan);
        Assert.Equal([ZoneA, ZoneB], rejected.HoldingZoneIds);
    }

    [Fact]
    public void Rejecting_a_failed_endpoint_keeps_a_late_report_from_opening_it() =>
        In(EndpointState.Failed).Given(Rejected).When(new ReportZoneDeployed(ZoneA, "agent-1", 9, Now)).ThenRefused("InvalidState", RejectionKind.Conflict);

    [Fact]
    public void A_rejected_endpoint_may_be_accepted_after_all_and_starts_anew()
    {
        var again = (InterfaceEndpoint)In(EndpointState.Available).Given(Rejected).When(Accept with { LoadBalancers = [SecondBalancer] })
            .Then(Accepted with { Pins = Doors.ToDictionary(d => d.NetworkInterfaceId, _ => SecondBalancer.Id) }).After!;
        Assert.Equal((EndpointState.Pending, 0, 2), (again.State, again.DeployedZoneIds.Count, again.HoldingZoneIds.Count));
    }

    public static TheoryData<object> PartiesCommands() =>
    [
        Accept, new RejectEndpointConnection(Provider, Now), new EnablePrivateDns(Consumer, NamedService, ConsumerVpc, Times, Now),
        new DisablePrivateDns(Consumer, Times, Now), new DeleteInterfaceEndpoint(Consumer, Times, Now),
    ];

    /// <summary>What is not yours does not exist: the same answer in every state as for an id that was never used.</summary>
    [Theory]
    [MemberData(nameof(PartiesCommands))]
    public void A_stranger_gets_the_answer_of_an_id_that_was_never_used(object command)
    {
        var strangers = WithActor(command, Stranger);
        var never = Laws.Endpoints.When(strangers).Decision.Rejection!;
        foreach (var state in Enum.GetValues<EndpointState>())
        {
            var refusal = In(state).When(strangers).ThenRefused("InvalidVpcEndpointId.NotFound", RejectionKind.NotFound).Decision.Rejection!;
            Assert.Equal(InterfaceEndpointDecider.NotFound(EndpointId), refusal);
            Assert.Equal(never, refusal with { Reason = refusal.Reason.Replace(EndpointId, "", StringComparison.Ordinal) });
        }
    }

    private static object WithActor(object command, string actor) => command switch
    {
        AcceptEndpointConnection c => c with { Actor = actor },
        RejectEndpointConnection c => c with { Actor = actor },
        EnablePrivateDns c => c with { Actor = actor },
        DisablePrivateDns c => c with { Actor = actor },
        DeleteInterfaceEndpoint c => c with { Actor = actor },
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };
}
