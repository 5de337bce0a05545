using MassTransit;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>Sends due notifications as the control plane does: to the queue by its name, declaring it.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly IBusControl bus;

    private Publisher(IBusControl bus) => this.bus = bus;

    public static async Task<Publisher> Start(VirtualHost broker)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.Host(broker.Host, (ushort)broker.Port, broker.Name, host =>
        {
            host.Username(broker.Username);
            host.Password(broker.Password);
        }));
        await bus.StartAsync();
        return new Publisher(bus);
    }

    public async Task Send(params IEnumerable<DueNotification> due)
    {
        var queue = await bus.GetSendEndpoint(new Uri($"queue:{DueNotification.Queue}"));
        foreach (var message in due) await queue.Send(message);
    }

    public async ValueTask DisposeAsync() => await bus.StopAsync();
}
