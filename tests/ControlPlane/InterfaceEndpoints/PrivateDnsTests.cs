namespace PrivateLinkCloud.ControlPlane.Tests.InterfaceEndpoints;

/// <summary>A service's own name inside the consumer's VPC: what it needs, and that it is there once.</summary>
[Collection(OneControlPlane.Name)]
public sealed class PrivateDnsTests(ControlPlaneFixture fixture)
{
    private const string Name = "db.example.com";

    private async Task<World> NamedAsync(bool verified)
    {
        var world = await fixture.NewWorld().ServiceAsync();
        Assert.Equal("pendingVerification", (await world.AsProvider.PatchAsync($"/v1/endpoint-services/{world.ServiceId}", new { privateDnsName = Name })).Expect(200)["privateDnsNameState"]);
        if (verified) Assert.Equal("verified", (await fixture.Operator().PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = Name })).Expect(200)["privateDnsNameState"]);
        return world;
    }

    private static Task<Answer> AskAsync(World world, bool privateDnsEnabled = true) =>
        world.AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets, privateDnsEnabled });

    [Fact]
    public async Task A_service_without_a_name_has_none_to_enable()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        await fixture.RefusedAsync(400, "PrivateDnsNameNotSet", () => AskAsync(world));
        var endpoint = (await AskAsync(world, privateDnsEnabled: false)).Expect(201)["id"];
        await fixture.RefusedAsync(400, "PrivateDnsNameNotSet", () => world.AsConsumer.PostAsync($"/v1/interface-endpoints/{endpoint}/enable-private-dns"));
    }

    [Fact]
    public async Task A_name_that_nobody_vouched_for_is_not_used_nor_shown_in_the_catalogue()
    {
        var world = await NamedAsync(verified: false);
        await fixture.RefusedAsync(409, "PrivateDnsNameNotVerified", () => AskAsync(world));
        Assert.Null((await world.AsConsumer.GetAsync("/v1/endpoint-services/available")).Json["items"]![0]!["privateDnsName"]);
        (await fixture.Operator().PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = Name })).Expect(200);
        Assert.Equal(Name, (await AskAsync(world)).Expect(201)["privateDnsName"]);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Both_DNS_attributes_of_the_VPC_must_be_on(bool enableDnsSupport, bool enableDnsHostnames)
    {
        var world = await NamedAsync(verified: true);
        (await world.AsConsumer.PatchAsync($"/v1/vpcs/{world.ConsumerVpc}", new { enableDnsSupport, enableDnsHostnames })).Expect(200);
        await fixture.RefusedAsync(409, "InvalidParameter", () => AskAsync(world));
    }

    [Fact]
    public async Task A_name_is_one_endpoints_in_a_VPC_until_it_lets_it_go()
    {
        var world = await NamedAsync(verified: true);
        var first = (await AskAsync(world)).Expect(201)["id"];
        await fixture.RefusedAsync(409, "PrivateDnsNameInUse", () => AskAsync(world));
        var second = (await AskAsync(world, privateDnsEnabled: false)).Expect(201)["id"];
        await fixture.RefusedAsync(409, "PrivateDnsNameInUse", () => world.AsConsumer.PostAsync($"/v1/interface-endpoints/{second}/enable-private-dns"));
        (await world.AsConsumer.PostAsync($"/v1/interface-endpoints/{first}/disable-private-dns")).Expect(200);
        Assert.Equal(Name, (await world.AsConsumer.PostAsync($"/v1/interface-endpoints/{second}/enable-private-dns")).Expect(200)["privateDnsName"]);
        await fixture.RefusedAsync(409, "PrivateDnsNameInUse", () => world.AsConsumer.PostAsync($"/v1/interface-endpoints/{first}/enable-private-dns"));
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{second}")).Expect(204);
        (await world.AsConsumer.PostAsync($"/v1/interface-endpoints/{first}/enable-private-dns")).Expect(200);
    }
}
