using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-02, S-03.</summary>
public sealed class VpcTests
{
    private const string SubnetId = "subnet-00000000000000001";
    private static readonly VpcCreated Created = new(ConsumerVpcId, Consumer, RegionId, "10.0.0.0/16", Now);
    private static readonly SubnetCreated WithSubnet = new(ConsumerVpcId, SubnetId, "10.0.1.0/24", ZoneA, Now);
    private static Story<Vpc> AVpc => Laws.Vpcs.Given(Created);

    [Theory]
    [InlineData("10.0.0.0/16")]
    [InlineData("172.31.0.0/20")]
    [InlineData("192.168.7.16/28")]
    [InlineData("100.64.0.0/16")]
    public void A_vpc_has_any_private_range_between_16_and_28(string cidr) =>
        Laws.Vpcs.When(Create(cidr)).Then(Created with { Cidr = cidr }).Claiming();

    [Theory]
    [InlineData(null, "InvalidVpcRange.Malformed")]
    [InlineData("", "InvalidVpcRange.Malformed")]
    [InlineData("ten", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.1/16", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/33", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/-1", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/16 ", "InvalidVpcRange.Malformed")]
    [InlineData("10.0/16", "InvalidVpcRange.Malformed")]
    [InlineData("010.0.0.0/16", "InvalidVpcRange.Malformed")]
    [InlineData("fd00::/16", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/15", "InvalidVpcRange")]
    [InlineData("10.0.0.0/29", "InvalidVpcRange")]
    [InlineData("8.8.0.0/16", "InvalidVpcRange.Public")]
    [InlineData("172.32.0.0/16", "InvalidVpcRange.Public")]
    public void A_range_that_is_malformed_too_large_too_small_or_public_is_refused_by_its_own_code(string? cidr, string code) => Laws.Vpcs.When(Create(cidr)).ThenRefused(code);

    [Fact]
    public void An_id_is_never_used_twice() => AVpc.When(Create("10.0.0.0/16")).ThenRefused("InvalidVpcID.Exists", RejectionKind.Conflict);

    [Fact]
    public void A_subnet_lies_in_one_zone_and_claims_its_id() =>
        AVpc.When(Subnet("10.0.1.0/24")).Then(WithSubnet).Claiming(("subnet", SubnetId, ConsumerVpcId));

    [Theory]
    [InlineData("10.0.1.0/33", "InvalidSubnet.Malformed")]
    [InlineData("10.0.1.1/24", "InvalidSubnet.Malformed")]
    [InlineData(null, "InvalidSubnet.Malformed")]
    [InlineData("10.0.0.0/29", "InvalidSubnet.Size")]
    [InlineData("10.0.0.0/15", "InvalidSubnet.Size")]
    [InlineData("10.1.0.0/24", "InvalidSubnet.Range")]
    [InlineData("11.0.0.0/16", "InvalidSubnet.Range")]
    public void A_subnet_that_is_malformed_of_a_wrong_size_or_outside_the_vpc_is_refused_by_its_own_code(string? cidr, string code) => AVpc.When(Subnet(cidr)).ThenRefused(code);

    [Theory]
    [InlineData("10.0.1.0/24")]
    [InlineData("10.0.1.16/28")]
    [InlineData("10.0.0.0/16")]
    [InlineData("10.0.0.0/23")]
    public void A_subnet_that_overlaps_another_is_refused(string cidr) =>
        AVpc.Given(WithSubnet).When(Subnet(cidr) with { SubnetId = "subnet-00000000000000002" }).ThenRefused("InvalidSubnet.Conflict", RejectionKind.Conflict);

    [Fact]
    public void A_zone_the_tenant_does_not_have_is_refused() =>
        AVpc.When(Subnet("10.0.1.0/24") with { ZoneName = "us-east-1z", ZoneId = null }).ThenRefused("InvalidParameterValue.AvailabilityZone");

    [Fact]
    public void The_two_hundred_and_first_subnet_is_refused()
    {
        var full = Enumerable.Range(0, VpcDecider.SubnetsPerVpc).Select(i => (object)new SubnetCreated(ConsumerVpcId, $"subnet-{i:x17}", $"10.0.{i}.0/24", ZoneA, Now));
        AVpc.Given([.. full]).When(Subnet("10.0.250.0/24")).ThenRefused("SubnetLimitExceeded", RejectionKind.LimitExceeded);
    }

    [Fact]
    public void A_subnet_is_deleted_unless_an_interface_holds_an_address_in_it() =>
        AVpc.Given(WithSubnet).When(new DeleteSubnet(SubnetId, Now))
            .Then(new SubnetDeleted(ConsumerVpcId, SubnetId, Now))
            .Releasing(("subnet", SubnetId, ConsumerVpcId))
            .UnlessUsed((VpcDecider.AddressScope(SubnetId), "DependencyViolation"));

    [Fact]
    public void Deleting_a_subnet_that_is_not_there_changes_nothing() => AVpc.When(new DeleteSubnet(SubnetId, Now)).ThenNothing();

    [Fact]
    public void A_vpc_with_subnets_is_not_deleted()
    {
        AVpc.Given(WithSubnet).When(new DeleteVpc(Now)).ThenRefused("DependencyViolation", RejectionKind.Conflict);
        AVpc.Given(WithSubnet, new SubnetDeleted(ConsumerVpcId, SubnetId, Now)).When(new DeleteVpc(Now)).Then(new VpcDeleted(ConsumerVpcId, Now)).UnlessUsed((VpcDecider.UseScope(ConsumerVpcId), "DependencyViolation"));
    }

    [Theory]
    [InlineData(null, null, true, true)]
    [InlineData(true, true, true, true)]
    [InlineData(false, null, false, true)]
    [InlineData(null, false, true, false)]
    public void Dns_attributes_change_only_where_named(bool? support, bool? hostnames, bool supportAfter, bool hostnamesAfter)
    {
        var outcome = AVpc.When(new SetVpcDnsAttributes(support, hostnames, Now));
        if (supportAfter && hostnamesAfter) outcome.ThenNothing();
        else outcome.Then(new VpcDnsAttributesSet(ConsumerVpcId, supportAfter, hostnamesAfter, Now));
    }

    private static CreateVpc Create(string? cidr) => new(ConsumerVpcId, Consumer, RegionId, cidr, Now);
    private static CreateSubnet Subnet(string? cidr) => new(SubnetId, cidr, "us-east-1c", ZoneA, Now);
}
