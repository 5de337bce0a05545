using System.Text;
using PrivateLinkCloud.Containers;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Testcontainers.RabbitMq;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>What due notifications rely on: a durable queue, confirmed publishing, and a complaint about what no queue takes.</summary>
public sealed class RabbitMqImageTests
{
    private const string Queue = "due-notifications";

    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    [Fact]
    public async Task A_confirmed_message_survives_the_brokers_restart_and_an_unroutable_one_is_returned()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (await DockerEngine.WhyItDoesNotAnswerAsync(cancel) is { } reason) Assert.Skip(reason);
        await using var container = new RabbitMqBuilder(ComponentImages.RabbitMq)
            .WithUsername("plc").WithPassword("only-for-this-test").Build();
        await container.StartAsync(cancel);

        await using (var connection = await ConnectAsync(container, cancel))
        await using (var channel = await connection.CreateChannelAsync(Confirmed, cancel))
        {
            await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancel);
            await PublishAsync(channel, Queue, "accepted", cancel);
            await Assert.ThrowsAsync<PublishReturnException>(() => PublishAsync(channel, "nobody-declared-this", "lost", cancel));
        }

        await container.StopAsync(cancel);
        await container.StartAsync(cancel);

        await using (var connection = await ConnectAsync(container, cancel))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: cancel))
        {
            var message = await channel.BasicGetAsync(Queue, autoAck: true, cancel);
            Assert.NotNull(message);
            Assert.Equal("accepted", Encoding.UTF8.GetString(message.Body.Span));
            Assert.Null(await channel.BasicGetAsync(Queue, autoAck: true, cancel));
        }
    }

    private static Task<IConnection> ConnectAsync(RabbitMqContainer container, CancellationToken cancel) =>
        new ConnectionFactory { Uri = new Uri(container.GetConnectionString()) }.CreateConnectionAsync(cancel);

    private static Task PublishAsync(IChannel channel, string queue, string text, CancellationToken cancel) =>
        channel.BasicPublishAsync(
            exchange: "", queue, mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(text), cancel).AsTask();
}
