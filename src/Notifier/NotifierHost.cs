using System.Net;
using MassTransit;
using MassTransit.Middleware;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Deliveries;
using PrivateLinkCloud.Notifier.Egress;
using PrivateLinkCloud.Notifier.Intake;
using PrivateLinkCloud.Notifier.Platform;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier;

/// <summary>What the process is made of. Neither broker nor database has to be there at start: both are waited for.</summary>
public static class NotifierHost
{
    /// <param name="args"><c>--Section:Knob=value</c>, or <c>--config=FILE</c> for a file like <c>deploy/notifier.default.jsonc</c>.
    /// Command line over environment (<c>Section__Knob</c>) over file.</param>
    /// <exception cref="InvalidOperationException">A knob is wrong or missing; the message is for the operator.</exception>
    public static HostApplicationBuilder Create(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, DisableDefaults = true });
        AddConfiguration(builder.Configuration, args);
        var options = NotifierOptions.Read(builder.Configuration);
        AddLogging(builder);
        AddDelivery(builder.Services, options);
        AddBroker(builder.Services, options.Broker);
        // Attempts under way are let end; what has not ended then comes back by its lease.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Delivery.Timeout + TimeSpan.FromSeconds(5));
        return builder;
    }

    private static void AddConfiguration(ConfigurationManager configuration, string[] args)
    {
        var file = new ConfigurationBuilder().AddCommandLine(args).Build()["config"];
        if (file is not null)
        {
            NotifierOptions.RefuseUnknownSections(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file), optional: false).Build());
            configuration.AddJsonFile(Path.GetFullPath(file), optional: false);
        }
        configuration.AddEnvironmentVariables().AddCommandLine(args);
    }

    private static void AddLogging(HostApplicationBuilder builder)
    {
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
        });
    }

    private static void AddDelivery(IServiceCollection services, NotifierOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options.Delivery);
        services.AddSingleton(_ => options.Database.Open());
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<Wakeup>();
        services.AddSingleton<ResolveName>((name, cancel) => Dns.GetHostAddressesAsync(name, cancel));
        services.AddSingleton(s => new GuardedConnect(new EgressGuard(options.Delivery.AllowedNetworks()), s.GetRequiredService<ResolveName>()));
        services.AddSingleton(s => new HttpMessageInvoker(WebhookHandler.Create(s.GetRequiredService<GuardedConnect>(), options.Delivery)));
        services.AddSingleton(s => new WebhookSender(s.GetRequiredService<HttpMessageInvoker>(), s.GetRequiredService<TimeProvider>(), options.Delivery.Timeout, options.Delivery.AnswerBytes));
        services.AddHostedService<Dispatcher>();
    }

    private static void AddBroker(IServiceCollection services, BrokerOptions broker) => services.AddMassTransit(bus =>
    {
        bus.AddConsumer<DueNotificationConsumer>();
        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(broker.Host, broker.Port, broker.VirtualHost, host =>
            {
                host.Username(broker.Username);
                host.Password(broker.Password);
            });
            rabbit.ReceiveEndpoint(DueNotification.Queue, queue => Receive(queue, broker, context));
        });
    });

    private static void Receive(IRabbitMqReceiveEndpointConfigurator queue, BrokerOptions broker, IBusRegistrationContext context)
    {
        queue.ConfigureConsumeTopology = false; // the publisher sends to the queue by name: no exchange per message type
        queue.PublishFaults = false; // nobody listens for them
        queue.PrefetchCount = broker.Prefetch;
        queue.ConcurrentMessageLimit = 1; // keeps the queue's order
        queue.ConfigureError(pipe =>
        {
            pipe.UseFilter(new BackToTheQueue(context.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping));
            pipe.UseFilter(new ErrorTransportFilter());
        });
        queue.ConfigureConsumer<DueNotificationConsumer>(context);
    }
}
