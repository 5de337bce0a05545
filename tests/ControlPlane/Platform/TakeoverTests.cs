using System.Diagnostics;

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

    [Fact]
    public async Task When_every_database_session_is_cut_planning_goes_on_within_ten_seconds()
    {
        var (app, url) = await fixture.StartAsync(); // beside the fixture's own: either may lead before and after
        await using (app)
        {
            var world = await fixture.NewWorld().At(url).ServiceAsync();
            await world.PlannedAsync(await world.AcceptedAsync(), world.Zones[0]);
            var endpoint = (await world.RequestAsync())["id"];
            await fixture.ScalarAsync<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and usename = 'plc_control_plane'");
            var cut = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(async () => (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/accept")).Status == 200, "the API to answer again");
            foreach (var zone in world.Zones) await world.PlannedAsync(endpoint, zone);
            Assert.True(Stopwatch.GetElapsedTime(cut).TotalSeconds < 10, $"took {Stopwatch.GetElapsedTime(cut).TotalSeconds} s");
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }
}
