using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests;

/// <summary>From the queue to the destination, through real PostgreSQL and RabbitMQ.</summary>
public sealed class DeliveryTests(Components components) : IClassFixture<Components>
{
    private const string QuickSchedule = "Delivery:ScheduleSeconds=0,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2,0.2";

    [Fact]
    public async Task A_due_notification_arrives_signed_and_as_it_was_written()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(new Uri(receiver.Url, "/hooks?a=b"));
        await publisher.Send(due);
        await receiver.Until(1);
        var webhook = Assert.Single(receiver.Requests);
        Assert.Equal((due.Id, due.Body, "/hooks"), (webhook.Id, webhook.Body, webhook.Path));
        Assert.True(webhook.IsSignedWith(due.Secret));
        await State(due.Id, "delivered");
        Assert.Equal(204, await components.Scalar<int>($"select status from delivery.attempt where message_id = '{due.Id}'"));
    }

    [Fact]
    public async Task What_was_sent_while_the_notifier_was_away_waits_for_it()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        var due = Due.To(receiver.Url);
        await using (var publisher = await Publisher.Start(components.Broker)) await publisher.Send(due);
        await using var notifier = await RunningNotifier.Start(components);
        await receiver.Until(1);
    }

    [Fact]
    public async Task A_message_that_comes_many_times_is_delivered_once()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url, subscription: "twice");
        var last = Due.To(receiver.Url, subscription: "twice"); // first attempts are in order: once it is here, nothing is still to come
        await publisher.Send(due, due, due);
        await publisher.Send(last);
        await receiver.Until(all => all.Any(r => r.Id == last.Id));
        Assert.Equal([due.Id, last.Id], receiver.Requests.Select(r => r.Id));
    }

    [Fact]
    public async Task A_destination_that_was_down_gets_the_same_id_with_a_new_timestamp_and_a_valid_signature()
    {
        components.Need();
        var failures = 0;
        await using var receiver = await Receiver.Start((_, context) =>
        {
            if (Interlocked.Increment(ref failures) <= 1) context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        // A second apart at least, so that the timestamps, which count seconds, differ.
        await using var notifier = await RunningNotifier.Start(components, ["Delivery:ScheduleSeconds=0,1.1"]);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await publisher.Send(due);
        await receiver.Until(2);
        var requests = receiver.Requests;
        Assert.All(requests, r => Assert.True(r.Id == due.Id && r.IsSignedWith(due.Secret)));
        Assert.NotEqual(requests[0].Timestamp, requests[1].Timestamp);
        Assert.NotEqual(requests[0].Signature, requests[1].Signature);
        await State(due.Id, "delivered");
    }

    [Fact]
    public async Task A_destination_where_nobody_answers_is_tried_until_somebody_does()
    {
        components.Need();
        int port;
        await using (var gone = await Receiver.Start()) port = gone.Url.Port;
        await using var notifier = await RunningNotifier.Start(components, [QuickSchedule]);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To($"http://127.0.0.1:{port}/");
        await publisher.Send(due);
        await Poll.Until(async () => await Attempts(due.Id) >= 2, () => "no second attempt");
        await using var receiver = await Receiver.Start(port: port);
        await receiver.Until(1);
        await State(due.Id, "delivered");
        Assert.Equal("notConnected", await components.Scalar<string>($"select outcome from delivery.attempt where message_id = '{due.Id}' order by id limit 1"));
    }

    [Theory]
    [InlineData(410, 1, "gone")]
    [InlineData(500, 3, "exhausted")]
    [InlineData(302, 3, "exhausted")]
    public async Task A_destination_that_says_no_is_left_alone(int status, int attempts, string state)
    {
        components.Need();
        await using var elsewhere = await Receiver.Start();
        await using var receiver = await Receiver.Start((_, context) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url.ToString();
            return Task.CompletedTask;
        });
        await using var notifier = await RunningNotifier.Start(components, ["Delivery:ScheduleSeconds=0,0.05,0.05"]);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await publisher.Send(due);
        await State(due.Id, state);
        Assert.Equal(attempts, receiver.Requests.Count);
        Assert.Equal(attempts, await Attempts(due.Id));
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Retry_After_is_honoured()
    {
        components.Need();
        await using var receiver = await Receiver.Start((_, context) =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "3600";
            return Task.CompletedTask;
        });
        await using var notifier = await RunningNotifier.Start(components, [QuickSchedule]);
        await using var publisher = await Publisher.Start(components.Broker);
        var due = Due.To(receiver.Url);
        await publisher.Send(due);
        await Poll.Until(async () => await components.Scalar<long>($"select count(*) from delivery.message where id = '{due.Id}' and attempts = 1") == 1, () => "no attempt recorded");
        var pause = await components.Scalar<double>($"select extract(epoch from m.due_at - a.started_at)::float8 from delivery.message m join delivery.attempt a on a.message_id = m.id where m.id = '{due.Id}'");
        Assert.InRange(pause, 3600, 3620);
    }

    [Theory]
    [InlineData("ftp://files.example.com/", null)]
    [InlineData("http://user:word@hooks.example.com/", null)]
    [InlineData("http://127.0.0.1:9/", "not a secret")]
    public async Task What_can_never_be_sent_is_kept_with_its_reason_and_holds_up_nobody(string destination, string? secret)
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components);
        await using var publisher = await Publisher.Start(components.Broker);
        var bad = Due.To(destination);
        await publisher.Send(secret is null ? bad : bad with { Secret = secret });
        await publisher.Send(Due.To(receiver.Url));
        await receiver.Until(1);
        await State(bad.Id, "undeliverable");
        Assert.Equal(0, await Attempts(bad.Id));
    }

    [Fact]
    public async Task A_private_destination_is_refused_unless_the_operator_allows_it_whatever_its_name()
    {
        components.Need();
        await using var receiver = await Receiver.Start();
        await using var notifier = await RunningNotifier.Start(components, ["Delivery:AllowedPrivateDestinations:0=10.0.0.0/8", "Delivery:ScheduleSeconds=0"],
            (name, _) => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Loopback]));
        await using var publisher = await Publisher.Start(components.Broker);
        string[] spellings = ["127.0.0.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "hooks.example.com", "localhost"];
        var dues = spellings.Select((host, i) => Due.To($"http://{host}:{receiver.Url.Port}/", subscription: $"refused {i}")).ToList();
        await publisher.Send(dues);
        foreach (var due in dues) await State(due.Id, "exhausted");
        Assert.Empty(receiver.Requests);
        Assert.Equal(spellings.Length, await components.Scalar<long>($"select count(*) from delivery.attempt where outcome = 'refused' and message_id in ({string.Join(',', dues.Select(d => $"'{d.Id}'"))})"));
    }

    private Task State(string id, string expected) => components.Reaches(id, expected);

    private Task<long> Attempts(string id) => components.Attempts(id);
}
