using System.Diagnostics;
using JasperFx;
using JasperFx.Events.Projections;
using Marten.Events.Daemon.Coordination;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>One control plane plans at a time. When it goes, another notices by itself and plans on; accepting goes on anywhere meanwhile.</summary>
public sealed class TakeoverTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task When_the_planning_control_plane_goes_another_plans_the_next_accept_within_ten_seconds()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        await world.PlannedAsync(await world.AcceptedAsync(), world.Zones[0]); // the first one leads: nobody else is there
        var (second, url) = await fixture.StartAsync();
        await using (second)
        {
            var endpoint = (await world.RequestAsync())["id"];
            await fixture.App.StopAsync(TestContext.Current.CancellationToken);
            var gone = Stopwatch.GetTimestamp();
            (await fixture.As(fixture.Issuer.Tenant(world.Provider), url).PostAsync($"/v1/endpoint-connections/{endpoint}/accept")).Expect(200);
            foreach (var zone in world.Zones) await world.PlannedAsync(endpoint, zone);
            Assert.True(Stopwatch.GetElapsedTime(gone).TotalSeconds < 10, $"took {Stopwatch.GetElapsedTime(gone).TotalSeconds} s");
            await second.StopAsync(TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>A leader may lose its database sessions and live on. It must notice: two that lead collide, and when the other one goes nobody plans.</summary>
public sealed class CutSessionsTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task When_every_database_session_is_cut_only_who_holds_the_lock_leads_and_planning_goes_on_also_without_the_other()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        await world.PlannedAsync(await world.AcceptedAsync(), world.Zones[0]); // the fixture's own leads
        var (second, _) = await fixture.StartAsync(("Database:ConnectionString", $"{fixture.ConnectionString};Application Name=second"));
        await using (second)
        {
            var (one, other) = ((await world.RequestAsync())["id"], (await world.RequestAsync())["id"]);
            await fixture.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and usename = 'plc_control_plane'");
            await Eventually.TrueAsync(async () =>
            {
                var (mine, theirs) = (await LocksAsync(""), await LocksAsync("second"));
                return mine + theirs == 2 && (Leading(fixture.App), Leading(second)) == (mine, theirs); // zone plans and due notifications are led apart
            }, "each of the two to be led by who holds its lock, and by nobody else");
            await AcceptedAndPlannedAsync(world, one);
            await second.StopAsync(TestContext.Current.CancellationToken);
            await AcceptedAndPlannedAsync(world, other);
        }
    }

    private static int Leading(WebApplication app) =>
        app.Services.GetRequiredService<IProjectionCoordinator>().DaemonForMainDatabase().CurrentAgents().Count(a => a.Status == AgentStatus.Running);

    private async Task<int> LocksAsync(string application) =>
        (int)await fixture.ScalarAsync<long>($"select count(*) from pg_locks join pg_stat_activity using (pid) where locktype = 'advisory' and granted and datname = current_database() and application_name = '{application}'");

    private static async Task AcceptedAndPlannedAsync(World world, string endpoint)
    {
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/accept")).Expect(200);
        foreach (var zone in world.Zones) await world.PlannedAsync(endpoint, zone, seconds: 10);
    }
}
