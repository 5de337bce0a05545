using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using PrivateLinkCloud.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace PrivateLinkCloud.ControlPlane.Tests.Zones;

/// <summary>Doorbells on the real broker, heard as an agent hears them: bound by the zone's name to the direct exchange.</summary>
public sealed class DoorbellTests(ControlPlaneFixture fixture) : IClassFixture<ControlPlaneFixture>
{
    private const string Exchange = "PrivateLinkCloud.Contracts:ZoneDoorbell";

    [Fact]
    public async Task An_accept_rings_each_of_its_zones_and_each_bell_only_there()
    {
        Assert.SkipWhen(ControlPlaneFixture.Broker is null, "PLC_TEST_RABBITMQ names no RabbitMQ broker");
        var world = await fixture.NewWorld().ServiceAsync();
        await using var connection = await fixture.VirtualHost!.ConnectAsync();
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Unwritten.SettledAsync(fixture); // what the world's making rang is over, or comes with a lower revision
        var heard = new Dictionary<string, ConcurrentQueue<(string ZoneId, long Revision)>>();
        foreach (var zone in world.Zones.Append("use1-az9")) heard[zone] = await ListenAsync(channel, zone);

        var endpoint = await world.AcceptedAsync();
        foreach (var zone in world.Zones) await world.PlannedAsync(endpoint, zone);
        foreach (var zone in world.Zones)
        {
            var revision = await fixture.ScalarAsync<long>($"select max(revision) from app.plan_entry where zone = '{zone}' and owner = '{endpoint}'");
            await Eventually.TrueAsync(() => Task.FromResult(heard[zone].Any(d => d.Revision >= revision)), $"the doorbell of {zone} for revision {revision}", seconds: 5);
            Assert.All(heard[zone], d => Assert.Equal(zone, d.ZoneId));
        }
        Assert.Empty(heard["use1-az9"]);
    }

    private static async Task<ConcurrentQueue<(string, long)>> ListenAsync(IChannel channel, string zone)
    {
        var ct = TestContext.Current.CancellationToken;
        await channel.ExchangeDeclareAsync(Exchange, DoorbellTopology.ExchangeType, DoorbellTopology.Durable, DoorbellTopology.AutoDelete, cancellationToken: ct);
        var queue = await channel.QueueDeclareAsync(exclusive: true, cancellationToken: ct);
        await channel.QueueBindAsync(queue.QueueName, Exchange, zone, cancellationToken: ct);
        var heard = new ConcurrentQueue<(string, long)>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var doorbell = JsonNode.Parse(delivery.Body.Span)!["message"]!;
            heard.Enqueue(((string)doorbell["zoneId"]!, (long)doorbell["revision"]!));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, ct);
        return heard;
    }
}
