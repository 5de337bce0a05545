namespace PrivateLinkCloud.ControlPlane.Tests.Regions;

/// <summary>What the platform operator cannot do: regions, zones and tenants that cannot be.</summary>
[Collection(OneControlPlane.Name)]
public sealed class OperatorRefusalTests(ControlPlaneFixture fixture)
{
    [Theory]
    [InlineData("/v1/regions", """{"region":"Virginia"}""", 400, "InvalidRegion")]
    [InlineData("/v1/regions/us-east-1/zones", """{"zoneId":"us-east-1a"}""", 400, "InvalidZoneId")]
    [InlineData("/v1/regions/eu-west-9/zones", """{"zoneId":"euw9-az1"}""", 404, "InvalidRegion.NotFound")]
    [InlineData("/v1/tenants", """{"account":"1234","name":"x"}""", 400, "InvalidAccount")]
    [InlineData("/v1/tenants", """{"account":"300000000000","name":" "}""", 400, "InvalidTenantName")]
    [InlineData("/v1/tenants", """{"account":"300000000000","name":"x","region":"eu-west-9"}""", 404, "InvalidRegion.NotFound")]
    [InlineData("/v1/tenants", """{"account":"300000000000","name":"x","zoneIds":["use1-az1"]}""", 400, "InvalidZoneMapping")]
    [InlineData("/v1/tenants", """{"account":"300000000000","name":"x","zoneIds":["use1-az1","use1-az1"]}""", 400, "InvalidZoneMapping")]
    [InlineData("/v1/tenants", """{"account":"100000000001","name":"somebody else"}""", 409, "AccountInUse")]
    public async Task Each_wrong_wish_has_its_own_answer(string path, string body, int status, string code)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(status, code, () => fixture.Operator().PostAsync(path, body.Replace("100000000001", world.Provider, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_zone_belongs_to_one_region_and_each_regions_networks_show_its_own_zones()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        (await fixture.Operator().PostAsync("/v1/regions", new { region = "eu-west-1" })).Expect(201);
        await fixture.RefusedAsync(409, "ZoneIdInUse", () => fixture.Operator().PostAsync("/v1/regions/eu-west-1/zones", new { zoneId = world.Zones[0] }));
        (await fixture.Operator().PostAsync("/v1/regions/eu-west-1/zones", new { zoneId = "euw1-az1" })).Expect(201);

        var vpc = (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16", region = "eu-west-1" })).Expect(201)["id"];
        var subnet = (await world.AsProvider.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = "10.0.1.0/24", availabilityZone = "eu-west-1a" })).Expect(201)["id"];
        var lb = (await world.AsProvider.PostAsync("/v1/load-balancers", new { name = "abroad", subnetIds = new[] { subnet } })).Expect(201)["id"];
        Assert.Equal("eu-west-1a", (string)(await world.AsProvider.GetAsync($"/v1/load-balancers/{lb}")).Expect(200).Json["nodes"]![0]!["availabilityZone"]!);
        (await world.AsProvider.GetAsync("/v1/load-balancers")).Expect(200);
        Assert.Contains((await world.AsProvider.GetAsync("/v1/zones")).Expect(200).Json["items"]!.AsArray(), z => (string)z!["zoneId"]! == "euw1-az1" && (string)z["region"]! == "eu-west-1");
    }
}
