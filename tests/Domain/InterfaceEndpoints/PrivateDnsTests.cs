using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-33, rules §2.3: one private name per VPC, only when verified, only where the VPC's two DNS attributes are on.</summary>
public sealed class PrivateDnsTests
{
    private static readonly EndpointPrivateDnsEnabled Enabled = new(EndpointId, Consumer, PrivateName, PartialAt, FailedAt, Now);
    private static readonly EndpointPrivateDnsDisabled Disabled = new(EndpointId, Consumer, PartialAt, FailedAt, Now);
    private static readonly EnablePrivateDns Enable = new(Consumer, NamedService, ConsumerVpc, Times, Now);
    private static readonly DisablePrivateDns Disable = new(Consumer, Times, Now);
    private static readonly string NameScope = $"private-name/{ConsumerVpcId}";

    [Fact]
    public void Enabling_claims_the_name_and_cuts_nothing()
    {
        var enabled = (InterfaceEndpoint)In(EndpointState.Available).When(Enable).Then(Enabled).Claiming((NameScope, PrivateName, EndpointId)).Releasing().After!;
        Assert.Equal((EndpointState.Pending, true, PrivateName), (enabled.State, enabled.InPlan, enabled.PrivateDnsName));
    }

    [Fact]
    public void Disabling_releases_the_name()
    {
        In(EndpointState.Available).Given(Enabled).When(Disable).Then(Disabled).Releasing((NameScope, PrivateName, EndpointId));
        In(EndpointState.Available).When(Disable).ThenNothing();
    }

    [Fact]
    public void When_the_service_has_another_name_now_the_old_one_is_released()
    {
        var renamed = NamedService with { PrivateDnsName = "new.example.com" };
        In(EndpointState.Available).Given(Enabled).When(Enable with { Service = renamed }).Then(Enabled with { PrivateDnsName = "new.example.com" })
            .Claiming((NameScope, "new.example.com", EndpointId)).Releasing((NameScope, PrivateName, EndpointId));
    }

    [Fact]
    public void The_clash_with_another_endpoints_name_is_the_vendors_sentence() =>
        Assert.Equal($"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {PrivateName} in the VPC {ConsumerVpcId}",
            In(EndpointState.Available).When(Enable).Decision.Claims.Single().Taken.Reason);

    [Fact]
    public void A_service_without_a_name_has_none_to_enable()
    {
        In(EndpointState.Available).When(Enable with { Service = Service }).ThenRefused("PrivateDnsNameNotSet");
        Laws.Endpoints.When(Request with { PrivateDnsEnabled = true }).ThenRefused("PrivateDnsNameNotSet");
    }

    [Theory]
    [InlineData(PrivateDnsNameState.PendingVerification)]
    [InlineData(PrivateDnsNameState.Failed)]
    public void A_name_not_verified_is_refused(PrivateDnsNameState state) =>
        In(EndpointState.Available).When(Enable with { Service = NamedService with { PrivateDnsNameState = state } }).ThenRefused("PrivateDnsNameNotVerified", RejectionKind.Conflict);

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void The_vpc_needs_both_dns_attributes(bool support, bool hostnames)
    {
        var vpc = Fold(ConsumerVpc, new VpcDnsAttributesSet(ConsumerVpcId, support, hostnames, Now));
        In(EndpointState.Available).When(Enable with { Vpc = vpc }).ThenRefused("InvalidParameter", RejectionKind.Conflict);
    }

    [Fact]
    public void A_service_that_is_gone_is_a_conflict() =>
        In(EndpointState.Available).When(Enable with { Service = null }).ThenRefused("InvalidVpcEndpointService.NotFound", RejectionKind.Conflict);

    [Fact]
    public void The_provider_does_not_decide_about_the_consumers_names()
    {
        In(EndpointState.Available).When(Enable with { Actor = Provider }).ThenRefused("OperationNotPermitted", RejectionKind.Forbidden);
        In(EndpointState.Available).When(Disable with { Actor = Provider }).ThenRefused("OperationNotPermitted", RejectionKind.Forbidden);
    }

    [Fact]
    public void A_rejected_endpoint_is_modified_once_it_is_accepted_again() =>
        In(EndpointState.Rejected).When(Enable).ThenRefused("InvalidState", RejectionKind.Conflict).Saying("provider can accept it again");

    [Theory]
    [InlineData(EndpointState.Rejected)]
    [InlineData(EndpointState.Failed)]
    [InlineData(EndpointState.Expired)]
    [InlineData(EndpointState.Deleting)]
    [InlineData(EndpointState.Deleted)]
    public void Disabling_is_a_modify_and_refused_where_one_is(EndpointState state) =>
        In(state).When(Disable).ThenRefused("InvalidState", RejectionKind.Conflict);
}
