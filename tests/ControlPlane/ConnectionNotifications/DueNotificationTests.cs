using System.Text.Json;
using System.Text.Json.Nodes;
using PrivateLinkCloud.Contracts;
using RabbitMQ.Client;

namespace PrivateLinkCloud.ControlPlane.Tests.ConnectionNotifications;

/// <summary>From what happens to a connection to messages for the notifier, on the real broker.</summary>
public sealed class DueNotificationTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    private const string Destination = "https://example.com/hook";

    private static async Task<string> SubscribedAsync(World world, params string[] events)
    {
        var topic = (await world.AsProvider.PostAsync("/v1/topics", new { name = "told" })).Expect(201)["arn"];
        var secret = (await world.AsProvider.PostAsync("/v1/topics/told/subscriptions", new { protocol = "https", destination = Destination })).Expect(201)["secret"];
        (await world.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn = topic, events })).Expect(201);
        return secret;
    }

    /// <summary>Requested, accepted, rejected, deleted.</summary>
    private static async Task<string> LifeAsync(World world)
    {
        var endpoint = await world.AcceptedAsync();
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/reject")).Expect(200);
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{endpoint}")).Expect(204);
        return endpoint;
    }

    [Fact]
    public async Task A_connections_life_is_four_messages_complete_and_in_order_and_their_ids_survive_a_replay()
    {
        Assert.SkipWhen(ControlPlaneFixture.Broker is null, "PLC_TEST_RABBITMQ names no RabbitMQ broker");
        var world = await fixture.NewWorld().ServiceAsync();
        var secret = await SubscribedAsync(world, "connect", "accept", "reject", "delete");
        var endpoint = await LifeAsync(world);

        var told = await TakeAsync(fixture, 4);
        Assert.Equal(["endpoint.connect", "endpoint.accept", "endpoint.reject", "endpoint.delete"], told.OrderBy(t => t.OccurredAt).Select(t => t.Type));
        Assert.All(told, t =>
        {
            Assert.Matches("^msg_[0-9a-f]{32}$", t.Id);
            Assert.Equal((Destination, secret, endpoint), (t.Destination, t.Secret, t.EndpointId));
            var body = JsonNode.Parse(t.Body)!;
            Assert.Equal((t.Type, world.Consumer, world.ServiceId), ((string)body["type"]!, (string)body["data"]!["consumer"]!, (string)body["data"]!["serviceId"]!));
            Assert.DoesNotContain(world.ConsumerVpc, t.Body, StringComparison.Ordinal);
        });
        Assert.Equal(4, told.Select(t => t.Id).Distinct().Count());
        Assert.Equal(0, await fixture.ScalarAsync<long>("select count(*) from app.due_notification"));

        // A page may come twice: let all of them come again, to another control plane.
        await fixture.App.StopAsync(TestContext.Current.CancellationToken);
        await fixture.ScalarAsync<long>("with back as (delete from plc.mt_event_progression where name = 'DueNotifications:All' returning 1) select count(*) from back");
        var (second, _) = await fixture.StartAsync();
        await using (second)
        {
            Assert.Equal(told.Select(t => t.Id).Order(), (await TakeAsync(fixture, 4)).Select(t => t.Id).Order());
            await second.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Takes this many messages from the queue, as the notifier would.</summary>
    internal static async Task<IReadOnlyList<DueNotification>> TakeAsync(ControlPlaneFixture fixture, int count)
    {
        await using var connection = await fixture.VirtualHost!.ConnectAsync();
        var told = new List<DueNotification>();
        await Eventually.TrueAsync(async () =>
        {
            // A channel each time: asking for a queue that is not there yet closes the one that asked.
            await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
            try
            {
                while (told.Count < count && await channel.BasicGetAsync(DueNotification.Queue, autoAck: true, TestContext.Current.CancellationToken) is { } message)
                    told.Add(JsonNode.Parse(message.Body.Span)!["message"].Deserialize<DueNotification>(WireJson.Tolerant)!);
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
            {
                return false;
            }
            return told.Count == count;
        }, $"{count} due notifications");
        return told;
    }
}

/// <summary>With the broker away, what is due waits in the database, and goes out when a broker is there.</summary>
public sealed class BrokerAwayTests(BrokerlessControlPlane fixture) : IClassFixture<BrokerlessControlPlane>
{
    [Fact]
    public async Task Messages_wait_without_a_broker_and_go_out_once_there_is_one()
    {
        Assert.SkipWhen(ControlPlaneFixture.Broker is null, "PLC_TEST_RABBITMQ names no RabbitMQ broker");
        var world = await fixture.NewWorld().ServiceAsync();
        var topic = (await world.AsConsumer.PostAsync("/v1/topics", new { name = "mine" })).Expect(201)["arn"];
        foreach (var n in new[] { 1, 2 })
            (await world.AsConsumer.PostAsync("/v1/topics/mine/subscriptions", new { protocol = "https", destination = $"https://example.com/{n}" })).Expect(201);
        var endpoint = (await world.RequestAsync())["id"];
        (await world.AsConsumer.PostAsync("/v1/connection-notifications", new { endpointId = endpoint, topicArn = topic, events = new[] { "accept" } })).Expect(201);
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/accept")).Expect(200);
        await world.PlannedAsync(endpoint, world.Zones[0]); // zones do not wait for the notifier's queue
        await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("select count(*) from app.due_notification") == 2, "two messages, one per subscription, to wait");
        var waiting = await fixture.ColumnAsync("select id from app.due_notification order by id");

        var (second, _) = await fixture.StartAsync([.. fixture.VirtualHost!.Settings]);
        await using (second)
        {
            Assert.Equal(waiting, (await DueNotificationTests.TakeAsync(fixture, 2)).Select(t => t.Id).Order(StringComparer.Ordinal));
            await Eventually.TrueAsync(async () => await fixture.ScalarAsync<long>("select count(*) from app.due_notification") == 0, "the sent ones to be taken out");
            await second.StopAsync(TestContext.Current.CancellationToken);
        }
    }
}
