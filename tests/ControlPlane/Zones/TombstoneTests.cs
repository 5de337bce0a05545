using System.Text.Json;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Tests.Zones;

/// <summary>What a zone's plan remembers of removed entries is bounded; who was away for longer gets the whole plan.</summary>
public sealed class TombstoneTests(TombstoneTests.Forgetful fixture) : IClassFixture<TombstoneTests.Forgetful>
{
    private const int Kept = 4;

    /// <summary>Keeps four tombstones.</summary>
    public sealed class Forgetful : ControlPlaneFixture
    {
        protected override IReadOnlyList<(string Key, string Value)> Knobs => [("Zones:TombstonesKept", $"{Kept}")];
    }

    [Fact]
    public async Task Old_tombstones_go_and_an_agent_from_before_them_gets_the_whole_plan_and_a_later_one_the_difference()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var zone = world.Zones[0];
        await Unwritten.SettledAsync(fixture);
        var before = await FetchAsync(zone, "none", 0);
        for (var i = 0; i < 3; i++)
        {
            var endpoint = await world.AcceptedAsync();
            await world.PlannedAsync(endpoint, zone);
            (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/reject")).Expect(200);
            await world.PlannedAsync(endpoint, zone, there: false);
            foreach (var reporting in world.Zones) await world.AgentReportsAsync(reporting); // whoever still holds a door is remembered for longer
        }
        await Unwritten.SettledAsync(fixture);
        Assert.InRange(await fixture.ScalarAsync<long>($"select count(*) from app.plan_entry where zone = '{zone}' and deleted"), Kept, 2 * Kept); // a removal of five entries is kept or forgotten as one
        Assert.True((await FetchAsync(zone, before!.Epoch, before.Revision))!.Whole);

        var horizon = await fixture.ScalarAsync<long>($"select horizon from app.zone_revision where zone = '{zone}'");
        var last = (await FetchAsync(zone, before.Epoch, horizon))!;
        Assert.False(last.Whole);
        Assert.NotEmpty(last.Removed);
        Assert.Null(await FetchAsync(zone, last.Epoch, last.Revision));
    }

    private async Task<ZonePlan?> FetchAsync(string zone, string epoch, long since)
    {
        var answer = await fixture.Agent(zone).GetAsync($"/v1/zones/{zone}/plan?epoch={epoch}&since={since}");
        return answer.Status == 204 ? null : JsonSerializer.Deserialize<ZonePlan>(answer.Expect(200).Body, WireJson.Tolerant);
    }
}
