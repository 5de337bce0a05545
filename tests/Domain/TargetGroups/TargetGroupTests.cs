using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-25, S-50, rules §2.6.</summary>
public sealed class TargetGroupTests
{
    private const string Id = "0123456789abcdef";
    private static readonly TargetGroupCreated Created = new(Id, Group.Arn, Provider, ProviderVpcId, "web", 8080, new HealthCheckSettings(), Now);
    private static Story<TargetGroup> AGroup => Laws.TargetGroups.Given(Created);

    [Fact]
    public void A_target_group_claims_its_name_in_the_account() =>
        Laws.TargetGroups.When(Create).Then(Created).Claiming(($"target-group-name/{Provider}", "web", Id), (VpcDecider.UseScope(ProviderVpcId), Id, Id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-web")]
    [InlineData("web-")]
    [InlineData("we b")]
    [InlineData("web\n")]
    [InlineData("a23456789012345678901234567890123")]
    public void A_name_is_32_letters_digits_and_inner_hyphens(string? name) => Laws.TargetGroups.When(Create with { Name = name }).ThenRefused("InvalidTargetGroupName");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void A_port_is_1_to_65535(int port)
    {
        Laws.TargetGroups.When(Create with { Port = port }).ThenRefused("InvalidPort");
        AGroup.When(Register(new TargetWish("10.0.1.9", port, null))).ThenRefused("InvalidPort");
    }

    [Theory]
    [InlineData(4.9, 10, 5, 2)]
    [InlineData(301, 10, 5, 2)]
    [InlineData(double.NaN, 10, 5, 2)]
    [InlineData(30, 1.9, 5, 2)]
    [InlineData(30, 121, 5, 2)]
    [InlineData(30, double.NaN, 5, 2)]
    [InlineData(30, 10, 1, 2)]
    [InlineData(30, 10, 11, 2)]
    [InlineData(30, 10, 5, 1)]
    [InlineData(30, 10, 5, 11)]
    public void A_health_check_stays_in_the_vendors_ranges(double interval, double timeout, int healthy, int unhealthy) =>
        Laws.TargetGroups.When(Create with { HealthCheck = new HealthCheckSettings(interval, timeout, healthy, unhealthy) }).ThenRefused("InvalidHealthCheck");

    [Fact]
    public void An_operator_may_allow_faster_checks()
    {
        var fast = new HealthCheckSettings(1, 1);
        Laws.TargetGroups.When(Create with { HealthCheck = fast }).ThenRefused("InvalidHealthCheck");
        Laws.TargetGroups.When(Create with { HealthCheck = fast, FastestInterval = 1 }).Then(Created with { HealthCheck = fast });
    }

    [Fact]
    public void A_target_inside_the_vpc_is_in_the_zone_of_its_subnet_whatever_the_wish_says() =>
        AGroup.When(Register(new TargetWish("10.0.2.9", null, ZoneA))).Then(new TargetsRegistered(Id, [new RegisteredTarget("10.0.2.9", 8080, ZoneB)], Now));

    [Fact]
    public void One_address_may_stand_with_several_ports() =>
        AGroup.When(Register(new TargetWish("10.0.1.9", 1, null), new TargetWish("10.0.1.9", 2, null), new TargetWish("10.0.1.9", 2, null)))
            .Then(new TargetsRegistered(Id, [new RegisteredTarget("10.0.1.9", 1, ZoneA), new RegisteredTarget("10.0.1.9", 2, ZoneA)], Now));

    [Fact]
    public void A_target_beyond_the_vpc_says_which_zone_it_counts_for()
    {
        AGroup.When(Register(new TargetWish("192.168.1.1", null, null))).ThenRefused("InvalidTarget");
        AGroup.When(Register(new TargetWish("192.168.1.1", null, null, "us-east-1z"))).ThenRefused("InvalidParameterValue.AvailabilityZone").Saying("'us-east-1z'");
        AGroup.When(Register(new TargetWish("192.168.1.1", null, ZoneA))).Then(new TargetsRegistered(Id, [new RegisteredTarget("192.168.1.1", 8080, ZoneA)], Now));
    }

    [Theory]
    [InlineData("8.8.8.8")] // public
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.3.9")] // in the VPC, in none of its subnets
    [InlineData("10.0.1")]
    [InlineData("0x0a000109")]
    [InlineData("fd00::1")]
    [InlineData("web.example.com")]
    [InlineData("")]
    [InlineData(null)]
    public void An_address_that_is_public_outside_the_subnets_or_malformed_is_refused_with_the_whole_wish(string? address) =>
        AGroup.When(Register(new TargetWish("10.0.1.9", null, null), new TargetWish(address, null, null))).ThenRefused("InvalidTarget");

    [Fact]
    public void Registering_what_is_registered_changes_nothing() =>
        AGroup.Given(new TargetsRegistered(Id, [new RegisteredTarget("10.0.1.9", 8080, ZoneA)], Now)).When(Register(new TargetWish("10.0.1.9", 8080, null))).ThenNothing();

    /// <summary>Address and port are what a target is known by: in health, in the relay, and when it is deregistered.</summary>
    [Fact]
    public void A_target_counts_for_one_zone() =>
        AGroup.Given(new TargetsRegistered(Id, [new RegisteredTarget("192.168.1.1", 8080, ZoneA)], Now)).When(Register(new TargetWish("192.168.1.1", 8080, ZoneB)))
            .ThenRefused("TargetInAnotherZone", RejectionKind.Conflict);

    [Fact]
    public void The_last_target_of_the_quota_fits_and_one_more_does_not()
    {
        var full = AGroup.Given(new TargetsRegistered(Id, [.. Enumerable.Range(1, TargetGroupDecider.TargetsPerGroup - 1).Select(p => new RegisteredTarget("10.0.1.9", p, ZoneA))], Now));
        full.When(Register(new TargetWish("10.0.1.9", 9000, null))).Then(new TargetsRegistered(Id, [new RegisteredTarget("10.0.1.9", 9000, ZoneA)], Now));
        full.When(Register(new TargetWish("10.0.1.9", 9000, null), new TargetWish("10.0.1.9", 9001, null))).ThenRefused("TooManyTargets", RejectionKind.LimitExceeded);
    }

    [Fact]
    public void Deregistering_takes_the_groups_port_when_none_is_named_and_ignores_what_is_not_there()
    {
        var group = AGroup.Given(new TargetsRegistered(Id, [new RegisteredTarget("10.0.1.9", 8080, ZoneA), new RegisteredTarget("10.0.1.9", 81, ZoneA)], Now));
        group.When(new DeregisterTargets([new TargetWish("10.0.1.9", null, null), new TargetWish("10.0.1.7", null, null)], Now))
            .Then(new TargetsDeregistered(Id, [new RegisteredTarget("10.0.1.9", 8080, ZoneA)], Now));
        group.When(new DeregisterTargets([new TargetWish("10.0.1.7", null, null)], Now)).ThenNothing();
    }

    [Fact]
    public void A_group_is_deleted_unless_a_listener_forwards_to_it() =>
        AGroup.When(new DeleteTargetGroup(Now)).Then(new TargetGroupDeleted(Id, Now))
            .Releasing(($"target-group-name/{Provider}", null, Id), (VpcDecider.UseScope(ProviderVpcId), null, Id)).UnlessUsed((TargetGroupDecider.UseScope(Group.Arn), "ResourceInUse"));

    private static CreateTargetGroup Create { get; } = new(Id, Group.Arn, Provider, ProviderVpc, "web", 8080, new HealthCheckSettings(), 5, Now);
    private static RegisterTargets Register(params TargetWish[] targets) => new(ProviderVpc, targets, Now);
}
