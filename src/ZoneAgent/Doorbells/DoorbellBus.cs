using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent.Doorbells;

/// <summary>
/// The agent's ear at the broker: a queue of this process alone, gone with its connection, bound for this zone's doorbells. The bus
/// connects in the background, now or later, and nothing else waits for it.
/// </summary>
public static class DoorbellBus
{
    public static void Add(IServiceCollection services, AgentSettings settings)
    {
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = false;
            options.StopTimeout = TimeSpan.FromSeconds(2); // a broker that is away must not hold up our end
        });
        services.AddMassTransit(bus =>
        {
            bus.AddConsumer<DoorbellConsumer>();
            bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit, settings));
        });
    }

    private static void Configure(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, AgentSettings settings)
    {
        var broker = settings.Broker;
        rabbit.Host(broker.Host, broker.Port, broker.VirtualHost, host =>
        {
            host.Username(broker.Username);
            host.Password(broker.Password);
            host.Heartbeat(TimeSpan.FromSeconds(10));
        });
        rabbit.Publish<ZoneDoorbell>(topology =>
        {
            topology.ExchangeType = DoorbellTopology.ExchangeType;
            topology.Durable = DoorbellTopology.Durable;
            topology.AutoDelete = DoorbellTopology.AutoDelete;
        });
        // One queue per process, not per agent: an agent that comes back must not find its dead predecessor's exclusive queue in the way.
        rabbit.ReceiveEndpoint($"zone-doorbells-{settings.ZoneId}-{settings.AgentId}-{NewId.NextGuid():N}", queue =>
        {
            queue.ConfigureConsumeTopology = false;
            (queue.Durable, queue.AutoDelete, queue.Exclusive) = (false, true, true);
            queue.Bind<ZoneDoorbell>(binding =>
            {
                binding.ExchangeType = DoorbellTopology.ExchangeType;
                binding.Durable = DoorbellTopology.Durable;
                binding.AutoDelete = DoorbellTopology.AutoDelete;
                binding.RoutingKey = settings.ZoneId;
            });
            queue.ConfigureConsumer<DoorbellConsumer>(context);
        });
    }
}

/// <summary>Passes a ring on. It carries no truth: the fetch that follows does.</summary>
public sealed class DoorbellConsumer(FetchLoop fetch) : IConsumer<ZoneDoorbell>
{
    public Task Consume(ConsumeContext<ZoneDoorbell> context)
    {
        fetch.Ring(context.Message);
        return Task.CompletedTask;
    }
}
