using Microsoft.Extensions.DependencyInjection.Extensions;
using PrivateLinkCloud.Notifier.Egress;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>The notifier within the test's process: everything it is made of, the broker and the database real.</summary>
internal sealed class RunningNotifier : IAsyncDisposable
{
    private readonly IHost host;

    private RunningNotifier(IHost host) => this.host = host;

    /// <param name="settings">Such as <c>Delivery:PollSeconds=1</c>; loopback destinations are allowed unless they say otherwise.</param>
    public static async Task<RunningNotifier> Start(Components components, IEnumerable<string>? settings = null, ResolveName? names = null)
    {
        var builder = NotifierHost.Create([.. Arguments(components, settings ?? []), "--Logging:LogLevel:Default=Critical"]);
        if (names is not null) builder.Services.Replace(ServiceDescriptor.Singleton(names));
        var host = builder.Build();
        await host.StartAsync();
        return new RunningNotifier(host);
    }

    public static IEnumerable<string> Arguments(Components components, IEnumerable<string> settings)
    {
        var broker = components.Broker;
        IEnumerable<string> common =
        [
            $"Database:ConnectionString={components.AsNotifier}", $"Broker:Host={broker.Host}", $"Broker:Port={broker.Port}", $"Broker:VirtualHost={broker.Name}",
            $"Broker:Username={broker.Username}", $"Broker:Password={broker.Password}", "Delivery:AllowedPrivateDestinations:0=127.0.0.0/8",
        ];
        return common.Concat(settings).Select(s => $"--{s}");
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
