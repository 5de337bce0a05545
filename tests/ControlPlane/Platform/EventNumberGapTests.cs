using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Gaps in the events' numbers. Commands leave none (the races prove it); a database that fails in mid-save does.</summary>
[Collection(OneControlPlane.Name)]
public sealed class EventNumberGapTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task A_number_burned_by_a_save_that_failed_holds_no_zone_up_for_long()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var ids = (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => world.RequestAsync()))).Select(e => e["id"]).ToList();
        var began = TimeProvider.System.GetTimestamp();
        foreach (var id in ids)
        {
            await fixture.ScalarAsync<long>("select nextval('plc.mt_events_sequence')"); // what a save that fails leaves behind
            (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{id}/accept")).Expect(200);
            await world.PlannedAsync(id, world.Zones[0]);
        }
        // The event store's own patience with a gap is 3 s: five of them would take 15.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_number_that_an_open_transaction_may_still_use_is_waited_for()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync())["id"];
        await using (var open = await fixture.ConnectAsync())
        await using (var transaction = await open.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await new NpgsqlCommand($"""
                insert into plc.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
                select nextval('plc.mt_events_sequence'), gen_random_uuid(), stream_id, version + 1, data, type, timestamp, tenant_id, mt_dotnet_type from plc.mt_events where stream_id = '{endpoint}'
                """, open, transaction).ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            var accepted = await world.AcceptedAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => world.PlannedAsync(accepted, world.Zones[0], seconds: 1.5)); // far longer than a gap's patience
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
            await world.PlannedAsync(accepted, world.Zones[0]);
        }
    }
}
