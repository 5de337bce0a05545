using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Tests.InterfaceEndpoints;

/// <summary>Each of the nine states, reached by its real cause through HTTP, the event store and the zones' reports.</summary>
public sealed class StateTests(HastyControlPlane fixture) : IClassFixture<HastyControlPlane>
{
    private World NewWorld() => fixture.NewWorld();

    [Fact]
    public async Task A_request_waits_for_acceptance_with_names_and_addresses_allotted_and_nothing_planned()
    {
        var world = await NewWorld().ServiceAsync();
        var endpoint = await world.RequestAsync();
        Assert.Equal("pendingAcceptance", endpoint["state"]);
        Assert.Matches("^vpce-[0-9a-f]{17}-[a-z0-9]{8}\\.vpce-svc-[0-9a-f]{17}\\.us-east-1\\.vpce\\.plc\\.internal$", endpoint["regionalName"]);
        Assert.Equal(2, endpoint.Json["networkInterfaces"]!.AsArray().Count);
        await world.AgentReportsAsync(world.Zones[0]);
        await world.PlannedAsync(endpoint["id"], world.Zones[0], there: false);
    }

    [Fact]
    public async Task Accepted_then_reported_by_every_zone_it_is_available()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        Assert.Equal("pending", await world.StateAsync(id));
        foreach (var zone in world.Zones)
        {
            await world.PlannedAsync(id, zone);
            var plan = await world.AgentReportsAsync(zone);
            Assert.Empty(PlanIntegrity.Faults(zone, [.. plan.Entries]));
        }
        await world.EventuallyAsync(id, "available");
    }

    [Fact]
    public async Task Reported_by_some_zones_only_it_is_partial_after_a_while_and_available_when_the_rest_follow()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        await world.PlannedAsync(id, world.Zones[0]);
        await world.AgentReportsAsync(world.Zones[0]);
        await world.EventuallyAsync(id, "partial");
        await world.AgentReportsAsync(world.Zones[1]);
        await world.EventuallyAsync(id, "available");
    }

    [Fact]
    public async Task Reported_by_no_zone_it_fails_and_recovers_when_agents_come()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        await world.EventuallyAsync(id, "failed");
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        await world.EventuallyAsync(id, "available");
    }

    [Fact]
    public async Task Rejected_after_available_it_leaves_every_plan_and_can_be_accepted_again()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        await world.PlannedAsync(id, world.Zones[0]);
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        await world.EventuallyAsync(id, "available");
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/reject")).Expect(200);
        Assert.Equal("rejected", await world.StateAsync(id));
        foreach (var zone in world.Zones) await world.PlannedAsync(id, zone, there: false);
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/accept")).Expect(200);
        foreach (var zone in world.Zones) await world.PlannedAsync(id, zone);
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        await world.EventuallyAsync(id, "available");
    }

    [Fact]
    public async Task Deleted_it_drains_first_and_is_gone_when_the_zones_say_so_and_its_addresses_are_free_again()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        await world.PlannedAsync(id, world.Zones[0]);
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{id}")).Expect(204);
        Assert.Equal("deleting", await world.StateAsync(id));
        Assert.Single((await world.AsConsumer.GetAsync("/v1/interface-endpoints")).Expect(200).Json["items"]!.AsArray());
        foreach (var zone in world.Zones) await world.PlannedAsync(id, zone, there: false);
        foreach (var zone in world.Zones) await world.AgentReportsAsync(zone);
        await world.EventuallyAsync(id, "deleted");
        Assert.Empty((await world.AsConsumer.GetAsync("/v1/interface-endpoints")).Expect(200).Json["items"]!.AsArray());
        Assert.Equal(0, await fixture.ScalarAsync<long>($"select count(*) from app.claims where owner = '{id}'"));
        Assert.Equal(0, await fixture.ScalarAsync<long>($"select count(*) from app.claims where scope in ('address/{world.ConsumerSubnets[0]}', 'address/{world.ConsumerSubnets[1]}')"));
    }

    [Fact]
    public async Task Unanswered_it_expires()
    {
        NewWorld();
        var (app, url) = await fixture.StartAsync(("Endpoints:ExpireAfterSeconds", "0.5"));
        await using (app)
        {
            var world = await NewWorld().ServiceAsync();
            var answer = await fixture.As(fixture.Issuer.Tenant(world.Consumer), url).PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets });
            await world.EventuallyAsync(answer.Expect(201)["id"], "expired");
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_zone_whose_agents_fall_silent_makes_it_partial()
    {
        var world = await NewWorld().ServiceAsync();
        var id = await world.AcceptedAsync();
        await world.PlannedAsync(id, world.Zones[0]);
        await world.AgentReportsAsync(world.Zones[0], leaseSeconds: 60);
        await world.AgentReportsAsync(world.Zones[1], leaseSeconds: 1, agent: "short-lived");
        await fixture.ScalarAsync<long>("with x as (update app.agent_lease set expires_at = now() where zone = 'use1-az2' and agent <> 'short-lived' returning 1) select count(*) from x");
        await world.EventuallyAsync(id, "partial");
    }
}
