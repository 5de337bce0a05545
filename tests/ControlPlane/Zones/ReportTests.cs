using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Tests.Zones;

/// <summary>What a report proves, and what it does not. On a control plane of its own: leases that run out leave events behind.</summary>
public sealed class ReportTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task An_agent_of_a_zone_that_nothing_was_planned_for_reports_too()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var plan = await world.AgentReportsAsync("use1-az9");
        Assert.True(plan.Empty);
        Assert.Equal(1, await fixture.ScalarAsync<long>("select count(*) from app.agent_lease where zone = 'use1-az9'"));
    }

    [Fact]
    public async Task A_report_between_the_rejection_and_its_plan_does_not_say_that_the_door_has_gone()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var id = await AvailableAsync(world);
        await using (var planner = await HoldPlannerAsync())
        {
            (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/reject")).Expect(200);
            await world.AgentReportsAsync(world.Zones[0], agent: "agent-2"); // a new one: everything it serves is news
            Assert.Equal(2, await HoldingAsync(id));
        }
        await world.PlannedAsync(id, world.Zones[0], there: false);
        await world.AgentReportsAsync(world.Zones[0]);
        await Eventually.TrueAsync(async () => await HoldingAsync(id) == 1, "the zone to have given the door up");
    }

    [Fact]
    public async Task Rejected_and_accepted_again_before_anything_was_planned_it_becomes_available_by_the_reports_that_are_in()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var id = await AvailableAsync(world);
        await using (var planner = await HoldPlannerAsync())
        {
            await world.AcceptedAsync(); // something to plan: the planner hangs on it while the next two happen, and sees them together
            await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%zone_revision%'") > 0, "the planner to wait");
            (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/reject")).Expect(200);
            (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/accept")).Expect(200);
            await world.AgentReportsAsync(world.Zones[0], agent: "agent-2");
            Assert.Equal("pending", await world.StateAsync(id));
        }
        await world.EventuallyAsync(id, "available");
    }

    [Fact]
    public async Task A_targets_health_is_what_its_zone_reported_and_not_known_when_nobody_looks_any_more()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        Assert.All(await HealthAsync(world), h => Assert.Equal(("unused", "Target.NotInUse"), h));
        await world.AgentReportsAsync(world.Zones[0], targets: [new(PlanKeys.TargetGroup(world.TargetGroup), "10.0.1.100", 80, "unhealthy", "Target.Timeout")]);
        Assert.Contains(("unhealthy", "Target.Timeout"), await HealthAsync(world));
        await fixture.ScalarAsync<int>($"update app.agent_lease set expires_at = now() - interval '1 second' where zone = '{world.Zones[0]}' returning 1");
        Assert.Contains(("unavailable", "Elb.InternalError"), await HealthAsync(world));
    }

    private static async Task<IEnumerable<(string, string)>> HealthAsync(World world) =>
        (await world.AsProvider.GetAsync($"/v1/target-groups/{world.TargetGroup}/target-health")).Expect(200).Json["items"]!.AsArray().Select(t => ((string)t!["state"]!, (string)t["reason"]!)).ToList();

    private static async Task<string> AvailableAsync(World world)
    {
        var id = await world.AcceptedAsync();
        foreach (var zone in world.Zones)
        {
            await world.PlannedAsync(id, zone);
            await world.AgentReportsAsync(zone);
        }
        await world.EventuallyAsync(id, "available");
        return id;
    }

    /// <summary>Whoever plans waits for the zones' rows until this is let go.</summary>
    private async Task<Npgsql.NpgsqlConnection> HoldPlannerAsync()
    {
        var connection = await fixture.ConnectAsync();
        await new Npgsql.NpgsqlCommand("begin; select * from app.zone_revision for update", connection).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private Task<int> HoldingAsync(string id) => fixture.ScalarAsync<int>($"select jsonb_array_length(data -> 'holdingZoneIds') from plc.mt_doc_interfaceendpoint where id = '{id}'");
}
