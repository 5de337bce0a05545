using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.LoadBalancers;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-16, S-61, S-62, rules §2.3.</summary>
public sealed class EndpointServiceTests
{
    private static readonly string ConsumerRoot = $"arn:aws:iam::{Consumer}:root";
    private static readonly EndpointServiceCreated Created = new(ServiceId, ServiceName, Provider, RegionId, [Balancer.Arn], true, Now);
    private static readonly EndpointServicePrivateDnsNameSet Named = new(ServiceId, PrivateName, Now);
    private static readonly EndpointServicePrivateDnsNameConfirmed Confirmed = new(ServiceId, PrivateName, "operator", Now);
    private static Story<EndpointService> AService => Laws.Services.Given(Created);

    [Fact]
    public void A_service_claims_its_load_balancers() =>
        Laws.Services.When(Create()).Then(Created).Claiming((LoadBalancerDecider.ServiceScope(Balancer.Arn), "service", ServiceId));

    [Fact]
    public void A_load_balancer_named_twice_counts_once() => Laws.Services.When(Create() with { LoadBalancers = [Balancer, Balancer] }).Then(Created);

    [Fact]
    public void A_service_needs_a_load_balancer()
    {
        Laws.Services.When(Create() with { LoadBalancers = [] }).ThenRefused("MissingLoadBalancer");
        AService.When(Modify() with { LoadBalancers = [] }).ThenRefused("MissingLoadBalancer");
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("DB.example.com")]
    [InlineData("db..example.com")]
    [InlineData("-db.example.com")]
    [InlineData("db.example.com.")]
    [InlineData("db.example.com\n")]
    [InlineData("10.0.0.1")]
    public void A_private_name_is_a_dns_name(string name)
    {
        Laws.Services.When(Create() with { PrivateDnsName = name }).ThenRefused("InvalidPrivateDnsName");
        AService.When(Modify() with { PrivateDnsName = name }).ThenRefused("InvalidPrivateDnsName");
    }

    [Fact]
    public void A_private_name_is_verified_only_when_the_operator_confirms_it()
    {
        var named = Laws.Services.Given(Created, Named);
        Assert.Equal(PrivateDnsNameState.PendingVerification, named.State!.PrivateDnsNameState);
        var confirmed = named.When(new ConfirmPrivateDnsName(PrivateName, "operator", Now)).Then(Confirmed);
        Assert.Equal(PrivateDnsNameState.Verified, ((EndpointService)confirmed.After!).PrivateDnsNameState);
        AService.When(new ConfirmPrivateDnsName(PrivateName, "operator", Now)).ThenRefused("PrivateDnsNameNotSet", RejectionKind.Conflict);
    }

    [Fact]
    public void A_name_changed_between_the_look_and_the_word_is_not_confirmed() =>
        Laws.Services.Given(Created, Named).When(new ConfirmPrivateDnsName("seen.example.com", "operator", Now)).ThenRefused("PrivateDnsNameDiffers", RejectionKind.Conflict);

    [Theory]
    [InlineData("vpce.plc.internal")]
    [InlineData("vpce-00000000000000001-abcdefgh.vpce-svc-00000000000000001.us-east-1.vpce.plc.internal")]
    public void A_private_name_does_not_stand_in_for_an_endpoints_own(string name)
    {
        Laws.Services.When(Create() with { PrivateDnsName = name }).ThenRefused("InvalidPrivateDnsName");
        AService.When(Modify() with { PrivateDnsName = name }).ThenRefused("InvalidPrivateDnsName");
    }

    [Fact]
    public void The_load_balancers_of_a_service_are_in_one_region()
    {
        var elsewhere = SecondBalancer with { Arn = SecondBalancer.Arn.Replace(RegionId, "eu-west-9", StringComparison.Ordinal) };
        Laws.Services.When(Create() with { LoadBalancers = [Balancer, elsewhere] }).ThenRefused("InvalidLoadBalancerRegion");
        AService.When(Modify() with { LoadBalancers = [Balancer, elsewhere] }).ThenRefused("InvalidLoadBalancerRegion");
    }

    [Fact]
    public void Another_private_name_has_to_be_confirmed_anew()
    {
        var renamed = Laws.Services.Given(Created, Named, Confirmed).When(Modify() with { PrivateDnsName = "other.example.com" }).Then(Named with { PrivateDnsName = "other.example.com" });
        Assert.Equal(PrivateDnsNameState.PendingVerification, ((EndpointService)renamed.After!).PrivateDnsNameState);
    }

    [Fact]
    public void An_empty_private_name_takes_it_away_and_null_leaves_it()
    {
        var named = Laws.Services.Given(Created, Named);
        named.When(Modify() with { PrivateDnsName = "" }).Then(Named with { PrivateDnsName = null });
        named.When(Modify()).ThenNothing();
    }

    [Fact]
    public void Modifying_says_only_what_differs_and_claims_only_what_is_new() =>
        AService.When(Modify() with { AcceptanceRequired = false, LoadBalancers = [Balancer, SecondBalancer] })
            .Then(new EndpointServiceAcceptanceSet(ServiceId, false, Now), new EndpointServiceLoadBalancersSet(ServiceId, [Balancer.Arn, SecondBalancer.Arn], Now))
            .Claiming((LoadBalancerDecider.ServiceScope(SecondBalancer.Arn), "service", ServiceId)).Releasing((LoadBalancerDecider.PinScope(SecondBalancer.Id), Claim.ClosedMark, Claim.ClosedMark));

    [Fact]
    public void A_load_balancer_leaves_unless_endpoints_are_pinned_to_it()
    {
        var both = AService.Given(new EndpointServiceLoadBalancersSet(ServiceId, [Balancer.Arn, SecondBalancer.Arn], Now));
        var leave = Modify() with { LoadBalancers = [SecondBalancer] };
        both.When(leave).Then(new EndpointServiceLoadBalancersSet(ServiceId, [SecondBalancer.Arn], Now))
            .Releasing((LoadBalancerDecider.ServiceScope(Balancer.Arn), null, ServiceId)).UnlessUsed((LoadBalancerDecider.PinScope(Balancer.Id), "ExistingVpcEndpointConnections"));
    }

    [Theory]
    [InlineData("arn:aws:iam::222222222222:root", true)]
    [InlineData("arn:aws:iam::222222222222:user/ann@example.com", true)]
    [InlineData("arn:aws:iam::222222222222:role/path/to/reader", true)]
    [InlineData("*", true)]
    [InlineData("222222222222", false)]
    [InlineData("arn:aws:iam::22222222222:root", false)]
    [InlineData("arn:aws:iam::222222222222:root\n", false)]
    [InlineData("arn:aws:iam::222222222222:group/g", false)]
    [InlineData("arn:aws-cn:iam::222222222222:root", false)]
    [InlineData("arn:aws:iam::222222222222:user/", false)]
    [InlineData("", false)]
    public void A_principal_has_one_of_four_forms(string principal, bool good)
    {
        var outcome = AService.When(Permit([principal], []));
        if (good) outcome.Then(new EndpointServicePrincipalsAllowed(ServiceId, [principal], Now));
        else outcome.ThenRefused("InvalidPrincipal");
    }

    [Fact]
    public void Principals_come_and_go_once()
    {
        var allowed = AService.Given(new EndpointServicePrincipalsAllowed(ServiceId, [ConsumerRoot], Now));
        allowed.When(Permit([ConsumerRoot, "*", "*"], [])).Then(new EndpointServicePrincipalsAllowed(ServiceId, ["*"], Now));
        allowed.When(Permit([], [ConsumerRoot, "*"])).Then(new EndpointServicePrincipalsRemoved(ServiceId, [ConsumerRoot], Now));
        allowed.When(Permit([ConsumerRoot], [])).ThenNothing();
    }

    [Fact]
    public void One_principal_over_quota_refuses_the_whole_wish() =>
        AService.When(Permit([.. Enumerable.Range(0, EndpointServiceDecider.PrincipalsPerService + 1).Select(i => $"arn:aws:iam::{i:d12}:root")], []))
            .ThenRefused("VpcEndpointServicePermissionLimitExceeded", RejectionKind.LimitExceeded);

    [Theory]
    [InlineData(Provider, null, "arn:aws:iam::999999999999:root", true)] // its own
    [InlineData(Consumer, null, "arn:aws:iam::222222222222:root", true)]
    [InlineData(Consumer, null, "*", true)]
    [InlineData(Stranger, null, "arn:aws:iam::222222222222:root", false)]
    [InlineData(Consumer, "arn:aws:iam::222222222222:user/ann", "arn:aws:iam::222222222222:user/ann", true)]
    [InlineData(Consumer, "arn:aws:iam::222222222222:user/bob", "arn:aws:iam::222222222222:user/ann", false)]
    [InlineData(Consumer, null, "arn:aws:iam::222222222222:user/ann", false)]
    [InlineData(Stranger, "arn:aws:iam::222222222222:user/ann", "arn:aws:iam::222222222222:user/ann", false)] // a claim about somebody else's account
    public void A_service_is_offered_to_its_owner_and_to_whom_a_principal_covers(string account, string? callerArn, string principal, bool offered) =>
        Assert.Equal(offered, AService.Given(new EndpointServicePrincipalsAllowed(ServiceId, [principal], Now)).State!.IsOfferedTo(account, callerArn, Naming.Default));

    [Fact]
    public void A_service_is_deleted_unless_endpoints_live_on_it() =>
        AService.When(new DeleteEndpointService(Now)).Then(new EndpointServiceDeleted(ServiceId, Now))
            .Releasing((LoadBalancerDecider.ServiceScope(Balancer.Arn), null, ServiceId))
            .UnlessUsed((EndpointServiceDecider.LiveEndpointScope(ServiceId), "ExistingVpcEndpointConnections"));

    private static CreateEndpointService Create() => new(ServiceId, ServiceName, Provider, RegionId, [Balancer], true, null, Naming.Default, Now);
    private static ModifyEndpointService Modify() => new(null, null, null, Naming.Default, Now);
    private static ModifyEndpointServicePermissions Permit(IReadOnlyList<string> add, IReadOnlyList<string> remove) => new(add, remove, Naming.Default, Now);
}
