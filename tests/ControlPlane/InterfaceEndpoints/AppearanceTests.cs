namespace PrivateLinkCloud.ControlPlane.Tests.InterfaceEndpoints;

/// <summary>How services, endpoints and their interfaces look to each party: the forms of names and ids, and zones in the words of whoever asks.
/// The provider calls use1-az1 "us-east-1a"; the consumer calls it "us-east-1b".</summary>
[Collection(OneControlPlane.Name)]
public sealed class AppearanceTests(ControlPlaneFixture fixture)
{
    private static IEnumerable<string> Texts(System.Text.Json.Nodes.JsonNode? list) => list!.AsArray().Select(v => (string)v!);

    /// <summary>S-16.</summary>
    [Fact]
    public async Task A_services_name_is_its_id_behind_prefix_and_region()
    {
        var world = await fixture.SharedWorldAsync();
        Assert.Matches(@"^vpce-svc-[0-9a-f]{17}\z", world.ServiceId);
        Assert.Matches(@"^com\.amazonaws\.vpce\.us-east-1\.vpce-svc-[0-9a-f]{17}\z", world.ServiceName);
        Assert.EndsWith($".{world.ServiceId}", world.ServiceName, StringComparison.Ordinal);
    }

    /// <summary>S-39.</summary>
    [Fact]
    public async Task A_service_is_shown_in_the_zones_it_has_by_the_names_of_whoever_looks()
    {
        var world = await fixture.NewWorld().ServiceAsync(providerZones: 1);
        async Task<IEnumerable<string>> ZonesAsync(ApiClient client) =>
            Texts((await client.GetAsync("/v1/endpoint-services/available")).Expect(200).Json["items"]!.AsArray().Single(s => (string)s!["serviceId"]! == world.ServiceId)!["availabilityZones"]);
        Assert.Equal(["us-east-1a"], await ZonesAsync(world.AsProvider));
        Assert.Equal(["us-east-1b"], await ZonesAsync(world.AsConsumer));
    }

    /// <summary>S-31, S-38.</summary>
    [Fact]
    public async Task An_endpoints_zonal_names_and_interfaces_are_in_the_consumers_words()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync()).Json;
        var suffix = ((string)endpoint["regionalName"]!).Split('.')[0]; // vpce-<id>-<8 letters and digits>
        var domain = ((string)endpoint["regionalName"]!)[suffix.Length..];
        Assert.Equal([("us-east-1a", $"{suffix}-us-east-1a{domain}"), ("us-east-1b", $"{suffix}-us-east-1b{domain}")],
            endpoint["zonalNames"]!.AsArray().Select(z => ((string)z!["availabilityZone"]!, (string)z["name"]!)).Order());
        Assert.Equal([("us-east-1a", "use1-az2"), ("us-east-1b", "use1-az1")],
            endpoint["networkInterfaces"]!.AsArray().Select(i => ((string)i!["availabilityZone"]!, (string)i["zoneId"]!)).Order());
    }

    /// <summary>S-15.</summary>
    [Fact]
    public async Task An_endpoints_interfaces_are_seen_as_the_platforms_and_cannot_be_changed()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync()).Json;
        var interfaces = (await world.AsConsumer.GetAsync("/v1/network-interfaces")).Expect(200).Json["items"]!.AsArray();
        Assert.Equal(endpoint["networkInterfaces"]!.AsArray().Select(i => (string)i!["id"]!).Order(), interfaces.Select(i => (string)i!["id"]!).Order());
        foreach (var eni in interfaces.Select(i => i!))
        {
            Assert.True((bool)eni["requesterManaged"]!);
            Assert.Equal($"VPC Endpoint Interface {endpoint["id"]}", (string)eni["description"]!);
            Assert.Equal(world.ConsumerVpc, (string)eni["vpcId"]!);
            await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsConsumer.DeleteAsync($"/v1/network-interfaces/{eni["id"]}"));
            await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsConsumer.PatchAsync($"/v1/network-interfaces/{eni["id"]}", new { }));
        }
    }
}
