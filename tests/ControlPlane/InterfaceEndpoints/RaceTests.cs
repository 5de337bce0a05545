namespace PrivateLinkCloud.ControlPlane.Tests.InterfaceEndpoints;

/// <summary>Twenty at once where there is not enough for all: the database decides, and what was promised is kept.</summary>
[Collection(OneControlPlane.Name)]
public sealed class RaceTests(ControlPlaneFixture fixture) : IAsyncLifetime
{
    private const int Racers = 20;
    private long _burned;

    private Task<long> BurnedNumbersAsync() => fixture.ScalarAsync<long>("select (select last_value from plc.mt_events_sequence) - (select count(*) from plc.mt_events)");

    public async ValueTask InitializeAsync() => _burned = await BurnedNumbersAsync();

    /// <summary>Whoever lost, lost before an event number was drawn: a gap in the numbers holds up the plans of all zones.</summary>
    public async ValueTask DisposeAsync() => await Eventually.TrueAsync(async () => await BurnedNumbersAsync() == _burned, "the race to leave no gap in the events' numbers");

    private static Task<Answer[]> RaceAsync(Func<int, Task<Answer>> run) => Task.WhenAll(Enumerable.Range(0, Racers).Select(run));

    private static Task<Answer> AskAsync(World world, params string[] subnetIds) =>
        world.AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds });

    [Fact]
    public async Task Racing_for_a_small_subnet_everyone_gets_an_address_of_its_own_or_hears_that_none_is_left()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var small = await world.SmallSubnetAsync();
        var answers = await RaceAsync(_ => AskAsync(world, small));
        var addresses = answers.Where(a => a.Status == 201).Select(a => (string)a.Json["networkInterfaces"]![0]!["address"]!).ToList();
        Assert.Equal(11, addresses.Distinct().Count());
        Assert.Equal(11, addresses.Count);
        Assert.All(answers.Where(a => a.Status != 201), a => a.ExpectProblem(409, "InsufficientFreeAddressesInSubnet"));
    }

    [Fact]
    public async Task Racing_for_a_large_subnet_nobody_loses()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var answers = await RaceAsync(_ => AskAsync(world, world.ConsumerSubnets));
        Assert.All(answers, a => a.Expect(201));
        var addresses = answers.SelectMany(a => a.Json["networkInterfaces"]!.AsArray()).Select(i => (string)i!["address"]!).ToList();
        Assert.Equal(2 * Racers, addresses.Distinct().Count());
    }

    [Fact]
    public async Task Racing_for_one_load_balancer_one_service_wins()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        (await world.AsProvider.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}")).Expect(204);
        var answers = await RaceAsync(_ => world.AsProvider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { world.LoadBalancerArn } }));
        var winner = Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a != winner), a => a.ExpectProblem(409, "LoadBalancerInUse"));
        var services = (await world.AsProvider.GetAsync("/v1/endpoint-services")).Expect(200).Json["items"]!.AsArray();
        Assert.Equal(winner["id"], (string)Assert.Single(services)!["id"]!);
    }

    [Fact]
    public async Task Racing_for_one_private_name_one_endpoint_wins()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        (await world.AsProvider.PatchAsync($"/v1/endpoint-services/{world.ServiceId}", new { privateDnsName = "db.example.com" })).Expect(200);
        (await fixture.Operator().PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = "db.example.com" })).Expect(200);
        var answers = await RaceAsync(_ => world.AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets, privateDnsEnabled = true }));
        Assert.Single(answers, a => a.Status == 201);
        Assert.All(answers.Where(a => a.Status != 201), a => a.ExpectProblem(409, "PrivateDnsNameInUse"));
    }

    [Fact]
    public async Task A_service_deleted_while_twenty_ask_for_it_leaves_nobody_with_an_endpoint_of_nothing()
    {
        for (var round = 0; round < 5; round++)
        {
            var world = await fixture.NewWorld().ServiceAsync();
            var half = Racers / 2;
            var answers = await RaceAsync(i => i == half ? world.AsProvider.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}") : AskAsync(world, world.ConsumerSubnets[0]));
            var made = answers.Where((_, i) => i != half).Count(a => a.Status == 201);
            var deleted = answers[half].Status == 204;
            Assert.True(deleted != made > 0, $"deleted: {deleted}, endpoints: {made}");
            if (!deleted) answers[half].ExpectProblem(409, "ExistingVpcEndpointConnections");
            else Assert.All(answers.Where((_, i) => i != half), a => a.ExpectProblem(404, "InvalidServiceName"));
        }
    }

    [Fact]
    public async Task Racing_for_the_last_places_under_a_quota_no_more_than_the_quota_get_one()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var (app, url) = await fixture.StartAsync(("Platform:EndpointsPerVpc", "5"));
        await using (app)
        {
            var consumer = fixture.As(fixture.Issuer.Tenant(world.Consumer), url);
            var answers = await RaceAsync(_ => consumer.PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets }));
            Assert.Equal(5, answers.Count(a => a.Status == 201));
            Assert.All(answers.Where(a => a.Status != 201), a => a.ExpectProblem(429, "VpcEndpointLimitExceeded"));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Twenty_accepted_at_once_are_all_planned()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var ids = (await RaceAsync(_ => AskAsync(world, world.ConsumerSubnets))).Select(a => a.Expect(201)["id"]).ToList();
        Assert.All(await RaceAsync(i => world.AsProvider.PostAsync($"/v1/endpoint-connections/{ids[i]}/accept")), a => a.Expect(200));
        foreach (var id in ids) await world.PlannedAsync(id, world.Zones[1]);
    }

    [Fact]
    public async Task Accepting_and_rejecting_at_once_end_in_one_state_that_the_events_explain()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var id = (await world.RequestAsync())["id"];
        var answers = await RaceAsync(i => world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/{(i % 2 == 0 ? "accept" : "reject")}"));
        Assert.All(answers, a => a.Expect(200));
        var last = (await fixture.ColumnAsync($"select type from plc.mt_events where stream_id = '{id}' order by version desc limit 1"))[0];
        Assert.Equal(last == "endpoint_connection_accepted" ? "pending" : "rejected", await world.StateAsync(id));
    }
}
