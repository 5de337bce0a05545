using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>What nobody will ask for again goes; a restored backup makes agents fetch anew.</summary>
public sealed class HousekeepingTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    [Fact]
    public async Task An_old_idempotency_key_goes_and_a_young_one_stays()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        await world.RequestAsync(key: "old");
        await world.RequestAsync(key: "young");
        await fixture.ScalarAsync<int>("update app.idempotency_key set created_at = now() - interval '25 hours' where key = 'old' returning 1");
        var (another, _) = await fixture.StartAsync(); // sweeps when it starts
        await using (another)
        {
            await Eventually.TrueAsync(async () => (await fixture.ColumnAsync("select key from app.idempotency_key")).SequenceEqual(["young"]), "the old key to go");
            await another.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task After_renewing_the_epochs_an_agent_gets_the_whole_plan_whatever_its_revision()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        await world.PlannedAsync(await world.AcceptedAsync(), world.Zones[0]);
        var before = await world.AgentReportsAsync(world.Zones[0]);
        Assert.Equal(0, await Commands.RenewEpochsAsync([$"--Database:ConnectionString={fixture.ConnectionString}"]));
        var answer = await fixture.Agent(world.Zones[0]).GetAsync($"/v1/zones/{world.Zones[0]}/plan?epoch={before.Epoch}&since={before.Revision}");
        Assert.True((bool)answer.Expect(200).Json["whole"]!);
        Assert.NotEqual(before.Epoch, answer["epoch"]);
    }
}
