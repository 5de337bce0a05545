using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Deliveries;
using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests.Deliveries;

/// <summary>Which messages are taken, and which are left to others.</summary>
public sealed class DeliveryStoreTests(Components components) : IClassFixture<Components>, IAsyncLifetime
{
    private const string Busy = "http://busy.example.com:80", Calm = "http://calm.example.com:80";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly DeliverySchedule Schedule = DeliverySchedule.Parse("0, 60", TimeSpan.Zero);
    private NpgsqlDataSource database = null!;
    private DeliveryStore store = null!;

    public async ValueTask InitializeAsync()
    {
        components.Need();
        await components.Execute("delete from delivery.message");
        database = NpgsqlDataSource.Create(components.AsNotifier);
        store = new DeliveryStore(database);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null) await database.DisposeAsync();
    }

    [Fact]
    public async Task A_claim_takes_no_more_per_destination_than_its_share_less_what_is_in_flight()
    {
        await Fill(Busy, 10);
        Assert.Equal([Busy, Busy], await Taken(room: 8, share: 3, inFlight: new() { [Busy] = 1 }));
        Assert.Equal([], await Taken(room: 8, share: 3, inFlight: new() { [Busy] = 3 }));
        await Fill(Calm, 10);
        Assert.Equal([Busy, Calm, Calm], await Taken(room: 8, share: 2, inFlight: new() { [Busy] = 1 }));
        Assert.Equal(4, (await Taken(room: 4, share: 10, inFlight: [])).Count);
    }

    [Fact]
    public async Task A_destination_with_its_share_in_flight_hides_nobody_however_much_it_has_piled_up()
    {
        await Fill(Busy, 1100);
        await Fill(Calm, 1);
        Assert.Equal([Calm], await Taken(room: 1, share: 4, inFlight: new() { [Busy] = 4 }));
    }

    [Fact]
    public async Task What_is_claimed_is_nobody_elses_until_the_lease_ends()
    {
        await Fill(Busy, 1);
        var cancel = TestContext.Current.CancellationToken;
        var end = Now.AddSeconds(45);
        Assert.Single((await store.TakeDue(Now, end, 8, 8, new Dictionary<string, int>(), cancel)).Messages);
        var early = await store.TakeDue(end.AddSeconds(-1), end.AddSeconds(44), 8, 8, new Dictionary<string, int>(), cancel);
        Assert.Empty(early.Messages);
        Assert.Equal(end, early.NextDue);
        Assert.Single((await store.TakeDue(end, end.AddSeconds(45), 8, 8, new Dictionary<string, int>(), cancel)).Messages);
    }

    [Fact]
    public async Task Of_two_records_of_one_attempt_the_second_changes_nothing_and_is_told_so()
    {
        await Fill(Busy, 1);
        var cancel = TestContext.Current.CancellationToken;
        var message = (await store.TakeDue(Now, Now.AddSeconds(45), 1, 1, new Dictionary<string, int>(), cancel)).Messages.Single();
        Assert.True(await Record(new AttemptOutcome.Answered(500)));
        Assert.False(await Record(new AttemptOutcome.Answered(503)));
        Assert.Equal("answered 500", await components.Scalar<string>("select reason from delivery.message"));
        Assert.Equal(2, await components.Attempts(message.Webhook.Id));

        Task<bool> Record(AttemptOutcome outcome) =>
            store.Record(message, new Attempt(Now, TimeSpan.FromMilliseconds(5), outcome), DeliveryStep.After(Now, message.Delivery, outcome, Schedule), Now, cancel);
    }

    /// <summary>Each message in a subscription of its own, so that none waits for another.</summary>
    private async Task Fill(string destination, int count)
    {
        foreach (var _ in Enumerable.Range(0, count))
        {
            DueNotification due = Due.To(destination + "/", subscription: $"arn {Guid.NewGuid()}");
            Assert.True(await store.Store(due, DeliveryStep.Received(Now, null, Schedule), Now, TestContext.Current.CancellationToken));
        }
    }

    private async Task<List<string>> Taken(int room, int share, Dictionary<string, int> inFlight)
    {
        var batch = await store.TakeDue(Now, Now.AddSeconds(45), room, share, inFlight, TestContext.Current.CancellationToken);
        return [.. batch.Messages.Select(m => m.DestinationKey).Order()];
    }
}
