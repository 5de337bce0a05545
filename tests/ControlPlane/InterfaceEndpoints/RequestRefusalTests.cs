namespace PrivateLinkCloud.ControlPlane.Tests.InterfaceEndpoints;

/// <summary>Endpoints that cannot be had.</summary>
[Collection(OneControlPlane.Name)]
public sealed class RequestRefusalTests(ControlPlaneFixture fixture)
{
    private static object Wish(World world, params string[] subnetIds) => new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds };

    private Task<Answer> RefusedAsync(World world, int status, string code, object wish) =>
        fixture.RefusedAsync(status, code, () => world.AsConsumer.PostAsync("/v1/interface-endpoints", wish));

    [Fact]
    public async Task A_service_not_offered_to_the_caller_reads_like_one_that_never_was()
    {
        var world = await fixture.SharedWorldAsync();
        var other = await fixture.NewWorld().NetworksAsync();
        var never = world.ServiceName[..^6] + "000000";
        async Task<Answer> AskAsync(string serviceName) => await fixture.RefusedAsync(404, "InvalidServiceName", () => other.AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = other.ConsumerVpc, serviceName, subnetIds = other.ConsumerSubnets }));
        var (offered, unknown) = (await AskAsync(world.ServiceName), await AskAsync(never));
        Assert.Equal(unknown.Body.Replace(never, "NAME", StringComparison.Ordinal), offered.Body.Replace(world.ServiceName, "NAME", StringComparison.Ordinal));
        Assert.Empty((await other.AsConsumer.GetAsync("/v1/endpoint-services/available")).Expect(200).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task A_principal_that_was_removed_gets_no_further_endpoint_and_keeps_the_one_it_has()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync())["id"];
        (await world.AsProvider.PostAsync($"/v1/endpoint-services/{world.ServiceId}/allowed-principals", new { remove = new[] { $"arn:aws:iam::{world.Consumer}:root" } })).Expect(200);
        await RefusedAsync(world, 404, "InvalidServiceName", Wish(world, world.ConsumerSubnets));
        Assert.Equal("pendingAcceptance", await world.StateAsync(endpoint));
    }

    [Fact]
    public async Task A_subnet_belongs_to_the_VPC_of_the_endpoint()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var vpc = (await world.AsConsumer.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" })).Expect(201)["id"];
        var apart = (await world.AsConsumer.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = "10.0.1.0/24", availabilityZone = "us-east-1a" })).Expect(201)["id"];
        await RefusedAsync(world, 404, "InvalidSubnetID.NotFound", Wish(world, world.ConsumerSubnets[0], apart));
        await RefusedAsync(world, 400, "MissingSubnet", Wish(world));
    }

    [Fact]
    public async Task An_endpoint_has_one_subnet_per_zone()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var zone = (await world.AsConsumer.GetAsync($"/v1/subnets/{world.ConsumerSubnets[0]}"))["availabilityZone"];
        var twin = (await world.AsConsumer.PostAsync("/v1/subnets", new { vpcId = world.ConsumerVpc, cidr = "10.0.9.0/24", availabilityZone = zone })).Expect(201)["id"];
        await RefusedAsync(world, 400, "DuplicateSubnetsInSameZone", Wish(world, world.ConsumerSubnets[0], twin));
    }

    [Fact]
    public async Task A_zone_the_service_has_no_load_balancer_in_is_refused_by_name()
    {
        var world = await fixture.NewWorld().ServiceAsync(providerZones: 1);
        var answer = await RefusedAsync(world, 400, "InvalidParameter.AvailabilityZone", Wish(world, world.ConsumerSubnets));
        Assert.Contains(world.ConsumerSubnets[1], answer["detail"], StringComparison.Ordinal);
        (await world.AsConsumer.PostAsync("/v1/interface-endpoints", Wish(world, world.ConsumerSubnets[0]))).Expect(201);
    }

    [Fact]
    public async Task A_message_to_the_provider_has_at_most_256_characters()
    {
        var world = await fixture.SharedWorldAsync();
        await RefusedAsync(world, 400, "InvalidMessage", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets, message = new string('a', 257) });
    }

    [Fact]
    public async Task A_subnet_without_a_free_address_is_exhausted()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var small = await world.SmallSubnetAsync(); // a /28 gives out 11
        var addresses = new HashSet<string>();
        for (var i = 0; i < 11; i++)
            addresses.Add((string)(await world.AsConsumer.PostAsync("/v1/interface-endpoints", Wish(world, small))).Expect(201).Json["networkInterfaces"]![0]!["address"]!);
        Assert.Equal(11, addresses.Count);
        await RefusedAsync(world, 409, "InsufficientFreeAddressesInSubnet", Wish(world, small));
        Assert.Equal(0, (long)(await world.AsConsumer.GetAsync($"/v1/subnets/{small}")).Json["availableAddresses"]!);
    }

    [Fact]
    public async Task A_VPC_has_as_many_endpoints_as_the_operator_allows()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var (app, url) = await fixture.StartAsync(("Platform:EndpointsPerVpc", "1"));
        await using (app)
        {
            var consumer = fixture.As(fixture.Issuer.Tenant(world.Consumer), url);
            var first = (await consumer.PostAsync("/v1/interface-endpoints", Wish(world, world.ConsumerSubnets))).Expect(201)["id"];
            await fixture.RefusedAsync(429, "VpcEndpointLimitExceeded", () => consumer.PostAsync("/v1/interface-endpoints", Wish(world, world.ConsumerSubnets)));
            (await consumer.DeleteAsync($"/v1/interface-endpoints/{first}")).Expect(204);
            (await consumer.PostAsync("/v1/interface-endpoints", Wish(world, world.ConsumerSubnets))).Expect(201);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Only_the_provider_answers_a_request_and_only_the_consumer_takes_it_back()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync())["id"];
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsConsumer.PostAsync($"/v1/endpoint-connections/{endpoint}/accept"));
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsConsumer.PostAsync($"/v1/endpoint-connections/{endpoint}/reject"));
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsProvider.DeleteAsync($"/v1/interface-endpoints/{endpoint}"));
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsProvider.PostAsync($"/v1/interface-endpoints/{endpoint}/enable-private-dns"));
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{endpoint}")).Expect(204);
        await fixture.RefusedAsync(409, "InvalidState", () => world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/accept"));
    }
}
