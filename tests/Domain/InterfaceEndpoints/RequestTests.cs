using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>The consumer asks (S-11, S-24, S-30…S-34, S-61, S-70).</summary>
public sealed class RequestTests
{
    [Fact]
    public void A_request_waits_for_the_provider_and_claims_its_addresses_and_its_places() =>
        Laws.Endpoints.When(Request).Then(Requested).Claiming(
            (VpcDecider.AddressScope(Doors[0].SubnetId), "10.0.1.4", Doors[0].NetworkInterfaceId),
            (VpcDecider.AddressScope(Doors[1].SubnetId), "10.0.2.4", Doors[1].NetworkInterfaceId),
            (EndpointServiceDecider.LiveEndpointScope(ServiceId), EndpointId, EndpointId),
            ($"vpc-endpoint/{ConsumerVpcId}", EndpointId, EndpointId));

    [Fact]
    public void Without_acceptance_required_it_is_accepted_in_the_same_breath_by_the_provider()
    {
        var outcome = Laws.Endpoints.When(Request with { Service = Service with { AcceptanceRequired = false }, LoadBalancers = [Balancer] });
        outcome.Then(Requested with { AcceptanceRequired = false }, Accepted);
        Assert.Equal(2, outcome.Decision.Claims.Count(c => c.Scope == LoadBalancerDecider.PinScope(Balancer.Id)));
        Assert.Equal(EndpointState.Pending, ((InterfaceEndpoint)outcome.After!).State);
    }

    [Fact]
    public void With_private_dns_the_name_is_claimed_in_the_vpc() =>
        Assert.Contains(($"private-name/{ConsumerVpcId}", PrivateName, EndpointId),
            Laws.Endpoints.When(Request with { Service = NamedService, PrivateDnsEnabled = true })
                .Then(Requested, new EndpointPrivateDnsEnabled(EndpointId, Consumer, PrivateName, PartialAt, FailedAt, Now))
                .Decision.Claims.Select(c => (c.Scope, c.Key, c.Owner)));

    [Fact]
    public void A_service_not_offered_reads_exactly_like_one_that_does_not_exist()
    {
        var refused = Laws.Endpoints.When(Request with { Service = null }).ThenRefused("InvalidServiceName", RejectionKind.NotFound).Decision.Rejection;
        Assert.Equal(InterfaceEndpointDecider.ServiceNotFound(ServiceName), refused);
    }

    [Fact]
    public void A_service_deleted_meanwhile_reads_the_same() =>
        Assert.Equal(InterfaceEndpointDecider.ServiceNotFound(ServiceName), Laws.Endpoints.When(Request).Decision.Claims.Single(c => c.Scope == EndpointServiceDecider.LiveEndpointScope(ServiceId)).Taken);

    [Fact]
    public void The_number_of_endpoints_of_a_vpc_is_limited_by_the_claim()
    {
        var claim = Laws.Endpoints.When(Request with { EndpointsPerVpc = 20 }).Decision.Claims.Single(c => c.ScopeLimit is not null);
        Assert.Equal((20, "VpcEndpointLimitExceeded", RejectionKind.LimitExceeded), (claim.ScopeLimit, claim.Taken.Code, claim.Taken.Kind));
    }

    [Fact]
    public void A_request_names_at_least_one_subnet() => Laws.Endpoints.When(Request with { Doors = [] }).ThenRefused("MissingSubnet");

    [Fact]
    public void Two_subnets_of_one_zone_are_refused() =>
        Laws.Endpoints.When(Request with { Doors = [Doors[0], Doors[1] with { ZoneId = ZoneA }] }).ThenRefused("DuplicateSubnetsInSameZone");

    [Fact]
    public void A_zone_the_service_does_not_have_is_refused_and_the_subnet_named()
    {
        var refusal = Laws.Endpoints.When(Request with { Doors = [Doors[0], Doors[1] with { ZoneId = "use1-az9" }] }).ThenRefused("InvalidParameter.AvailabilityZone").Decision.Rejection!;
        Assert.Contains(Doors[1].SubnetId, refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_load_balancer_offers_no_zone() =>
        Laws.Endpoints.When(Request with { LoadBalancers = [Balancer with { Deleted = true }] }).ThenRefused("InvalidParameter.AvailabilityZone");

    [Fact]
    public void A_message_has_at_most_256_characters() => Laws.Endpoints.When(Request with { Message = new string('x', 257) }).ThenRefused("InvalidMessage");

    [Fact]
    public void An_id_is_never_used_twice() => In(EndpointState.Deleted).When(Request).ThenRefused("InvalidVpcEndpointId.Exists", RejectionKind.Conflict);
}
