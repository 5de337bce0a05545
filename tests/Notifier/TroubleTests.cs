using System.Text.Json;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests;

/// <summary>Processes killed, database away, messages that are none.</summary>
public sealed class TroubleTests(Components components) : IClassFixture<Components>
{
    [Fact]
    public async Task A_notifier_killed_in_mid_flight_leaves_a_message_that_is_sent_again_with_the_same_id()
    {
        components.Need();
        var requests = 0;
        await using var receiver = await Receiver.Start((_, _) => Interlocked.Increment(ref requests) == 1 ? new TaskCompletionSource().Task : Task.CompletedTask);
        // One attempt in the whole schedule: the second request can only be the repetition of the first, not a retry.
        string[] settings = ["Delivery:ScheduleSeconds=0", "Delivery:TimeoutSeconds=3", "Delivery:LeaseSeconds=6"];
        var due = Due.To(receiver.Url);
        await using var publisher = await Publisher.Start(components.Broker);
        await using (var killed = NotifierProcess.Start(components, settings))
        {
            await publisher.Send(due);
            await receiver.Until(1);
            await killed.Kill();
        }
        await using var next = NotifierProcess.Start(components, settings);
        await receiver.Until(2);
        Assert.All(receiver.Requests, r => Assert.True(r.Id == due.Id && r.IsSignedWith(due.Secret)));
        await components.Reaches(due.Id, "delivered");
        Assert.Equal(1, await components.Attempts(due.Id));
    }

    [Fact]
    public async Task A_delivery_is_told_in_one_JSON_line_with_the_fields_others_search_for()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = NotifierProcess.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await publisher.Send(due);
        string? line = null;
        await Poll.Until(() => (line = notifier.Lines.FirstOrDefault(l => l.Contains(due.Id, StringComparison.Ordinal))) is not null, () => string.Join('\n', notifier.Lines));
        var entry = JsonDocument.Parse(line!).RootElement;
        Assert.Equal(1100, entry.GetProperty("EventId").GetInt32());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", entry.GetProperty("Timestamp").GetString());
        var state = entry.GetProperty("State");
        Assert.Equal((due.EndpointId, due.Type, due.Id, 204),
            (state.GetProperty("EndpointId").GetString(), state.GetProperty("Type").GetString(), state.GetProperty("MessageId").GetString(), state.GetProperty("StatusCode").GetInt32()));
    }

    [Fact]
    public async Task A_notifier_that_is_told_to_stop_lets_the_attempt_under_way_end_and_records_it()
    {
        components.Need();
        var asked = new TaskCompletionSource();
        await using var receiver = await Receiver.Start((_, _) => { asked.SetResult(); return new TaskCompletionSource().Task; });
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await using var notifier = NotifierProcess.Start(components, ["Delivery:ScheduleSeconds=0", "Delivery:TimeoutSeconds=2"]);
        await publisher.Send(due);
        await asked.Task;
        await notifier.Terminate();
        Assert.Equal(0, await notifier.Ended());
        Assert.Equal("timedOut", await components.Scalar<string>($"select outcome from delivery.attempt where message_id = '{due.Id}'"));
    }

    [Fact]
    public async Task While_the_database_is_away_messages_stay_with_the_broker_and_arrive_when_it_is_back()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await components.Withhold(true);
        try
        {
            await using (var stopped = await RunningNotifier.Start(components)) // from its start on, and stopped with the message in hand
            {
                await publisher.Send(due);
                await Poll.Until(async () => await components.Broker.InHand(DueNotification.Queue) == 1, () => "the notifier never took the message");
            }
        }
        finally
        {
            await components.Withhold(false);
        }
        await using var notifier = await RunningNotifier.Start(components);
        await receiver.Until(1); // so it had gone back to the queue, and not to the error queue
        await components.Withhold(true);
        var second = Due.To(receiver.Url);
        await publisher.Send(second);
        await Poll.Until(async () => await components.Broker.InHand(DueNotification.Queue) == 1, () => "the notifier never took the second message");
        await components.Withhold(false);
        await receiver.Until(2);
        await components.Reaches(second.Id, "delivered");
    }

    [Fact]
    public async Task An_attempt_whose_record_finds_the_database_away_is_recorded_when_it_is_back_and_not_made_again()
    {
        components.Need();
        var released = new TaskCompletionSource();
        await using var receiver = await Receiver.Start((_, _) => released.Task);
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await publisher.Send(due);
        await receiver.Until(1);
        await components.Withhold(true);
        released.SetResult();
        await Poll.Until(() => receiver.Answered == 1, () => "the answer was never sent");
        await components.Withhold(false);
        await components.Reaches(due.Id, "delivered");
        Assert.Equal((1, 1), (receiver.Requests.Count, await components.Attempts(due.Id)));
    }

    [Fact]
    public async Task A_wrong_knob_ends_the_start_with_a_sentence()
    {
        await using var notifier = NotifierProcess.Start("--Database:ConnectionString=Host=db", "--Delivery:ScheduleSeconds=soon");
        Assert.Equal(2, await notifier.Ended());
        await Poll.Until(() => notifier.Lines.Any(l => l.StartsWith("notifier: Delivery: 'soon' is not a delay", StringComparison.Ordinal)), () => string.Join('\n', notifier.Lines));
    }
}
