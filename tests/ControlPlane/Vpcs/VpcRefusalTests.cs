namespace PrivateLinkCloud.ControlPlane.Tests.Vpcs;

/// <summary>Networks and subnets that cannot be, each with its own code.</summary>
[Collection(OneControlPlane.Name)]
public sealed class VpcRefusalTests(ControlPlaneFixture fixture)
{
    [Theory]
    [InlineData("10.0.0.0", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/33", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.1/16", "InvalidVpcRange.Malformed")]
    [InlineData("10.0/16", "InvalidVpcRange.Malformed")]
    [InlineData("010.0.0.0/16", "InvalidVpcRange.Malformed")]
    [InlineData(" 10.0.0.0/16", "InvalidVpcRange.Malformed")]
    [InlineData("0x0a000000/16", "InvalidVpcRange.Malformed")]
    [InlineData("2001:db8::/32", "InvalidVpcRange.Malformed")]
    [InlineData("10.0.0.0/8", "InvalidVpcRange")]
    [InlineData("10.0.0.0/29", "InvalidVpcRange")]
    [InlineData("8.8.0.0/16", "InvalidVpcRange.Public")]
    [InlineData("", "InvalidVpcRange.Malformed")]
    public async Task A_VPC_needs_a_private_CIDR_with_zero_host_bits(string cidr, string code)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, code, () => world.AsProvider.PostAsync("/v1/vpcs", new { cidr }));
    }

    [Theory]
    [InlineData("10.0.9.0", "InvalidSubnet.Malformed", 400)]
    [InlineData("10.0.9.1/24", "InvalidSubnet.Malformed", 400)]
    [InlineData("10.0.9.0/29", "InvalidSubnet.Size", 400)]
    [InlineData("10.1.0.0/24", "InvalidSubnet.Range", 400)]
    [InlineData("10.0.1.0/25", "InvalidSubnet.Conflict", 409)]
    [InlineData("10.0.0.0/16", "InvalidSubnet.Conflict", 409)]
    public async Task A_subnet_lies_inside_its_VPC_and_apart_from_the_others(string cidr, string code, int status)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(status, code, () => world.AsProvider.PostAsync("/v1/subnets", new { vpcId = world.ProviderVpc, cidr, availabilityZone = "us-east-1a" }));
    }

    [Theory]
    [InlineData("us-east-1z")]
    [InlineData("use1-az1")]
    [InlineData("")]
    public async Task A_subnet_lies_in_a_zone_the_account_has_by_its_name(string zone)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "InvalidParameterValue.AvailabilityZone", () => world.AsProvider.PostAsync("/v1/subnets", new { vpcId = world.ProviderVpc, cidr = "10.0.9.0/24", availabilityZone = zone }));
    }

    [Fact]
    public async Task A_region_nobody_opened_has_no_networks()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(404, "InvalidRegion.NotFound", () => world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16", region = "eu-west-9" }));
    }

    [Fact]
    public async Task What_is_in_use_stays()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(409, "DependencyViolation", () => world.AsProvider.DeleteAsync($"/v1/vpcs/{world.ProviderVpc}"));
        await fixture.RefusedAsync(409, "DependencyViolation", () => world.AsProvider.DeleteAsync($"/v1/subnets/{world.ProviderSubnets[0]}"));
    }

    [Fact]
    public async Task A_VPC_that_only_a_target_group_is_in_stays_until_the_group_goes()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var vpc = (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.7.0.0/16" })).Expect(201)["id"];
        var group = (await world.AsProvider.PostAsync("/v1/target-groups", new { name = "g", vpcId = vpc, port = 80 })).Expect(201)["id"];
        await fixture.RefusedAsync(409, "DependencyViolation", () => world.AsProvider.DeleteAsync($"/v1/vpcs/{vpc}"));
        (await world.AsProvider.DeleteAsync($"/v1/target-groups/{group}")).Expect(204);
        (await world.AsProvider.DeleteAsync($"/v1/vpcs/{vpc}")).Expect(204);
        (await world.AsProvider.GetAsync($"/v1/vpcs/{vpc}")).ExpectProblem(404, "InvalidVpcID.NotFound");
        await fixture.RefusedAsync(404, "InvalidVpcID.NotFound", () => world.AsProvider.PostAsync("/v1/target-groups", new { name = "h", vpcId = vpc, port = 80 }));
    }

    [Fact]
    public async Task A_subnet_says_how_many_addresses_it_can_still_give()
    {
        var world = await fixture.SharedWorldAsync(); // a load balancer's node has taken one of each of the provider's
        Assert.Equal(250, (long)(await world.AsProvider.GetAsync($"/v1/subnets/{world.ProviderSubnets[0]}")).Expect(200).Json["availableAddresses"]!);
        Assert.All((await world.AsConsumer.GetAsync("/v1/subnets")).Expect(200).Json["items"]!.AsArray(), s => Assert.Equal(251, (long)s!["availableAddresses"]!));
    }
}
