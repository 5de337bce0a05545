using MassTransit;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>RabbitMQ through MassTransit. It carries doorbells and due notifications, and no truth: the control plane starts and answers without it.</summary>
public static class Broker
{
    public static void AddBroker(IServiceCollection services, BrokerSettings settings)
    {
        services.AddMassTransit(x =>
        {
            x.AddConsumer<CommitNoticeConsumer>();
            x.UsingRabbitMq((context, cfg) =>
            {
                cfg.Host(settings.Host, settings.Port, settings.VirtualHost, h =>
                {
                    h.Username(settings.Username);
                    h.Password(settings.Password);
                    h.PublisherConfirmation = true;
                });
                cfg.Publish<ZoneDoorbell>(p => { p.ExchangeType = DoorbellTopology.ExchangeType; p.Durable = DoorbellTopology.Durable; p.AutoDelete = DoorbellTopology.AutoDelete; });
                cfg.Publish<CommitNotice>(p => p.Durable = false);
                cfg.ReceiveEndpoint(new TemporaryEndpointDefinition("commit-notice"), e =>
                {
                    e.PrefetchCount = 64;
                    e.ConfigureConsumer<CommitNoticeConsumer>(context);
                });
            });
        });
        // Start without waiting: whoever needs the broker waits for it there, with a limit of its own.
        services.Configure<MassTransitHostOptions>(o => o.WaitUntilStarted = false);
    }
}

/// <summary>Another control plane stored events: if the planner runs here, it should look.</summary>
public sealed class CommitNoticeConsumer(CommitWakeup wakeup, ControlPlaneIdentity identity) : IConsumer<CommitNotice>
{
    public Task Consume(ConsumeContext<CommitNotice> context)
    {
        if (context.Message.From != identity.Name) wakeup.Wake();
        return Task.CompletedTask;
    }
}
