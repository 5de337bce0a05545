using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Doorbells;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;
using PrivateLinkCloud.ZoneAgent.Reports;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Puts the parts together, and runs them: first the plan at hand, then the world.</summary>
public static class AgentHost
{
    /// <param name="reading">Static mode: the plan file as it was at start.</param>
    /// <returns>The exit status.</returns>
    public static async Task<int> RunAsync(AgentSettings settings, IConfiguration configuration, PlanFileReading? reading)
    {
        using var host = Build(settings, configuration, reading);
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ZoneAgent").Starting(settings.AgentId, settings.ZoneId, settings.Instance);
        var keeper = StartKeeper(host.Services, settings);
        if (reading is not null && keeper.Take(reading.Plan) is MergeResult.Refused refused) throw new PlanFileException($"{reading.Path} is not a plan that can be served: {refused.Reason}");
        await host.RunAsync();
        return 0;
    }

    private static PlanKeeper StartKeeper(IServiceProvider services, AgentSettings settings)
    {
        try
        {
            var keeper = services.GetRequiredService<PlanKeeper>(); // makes the directory
            keeper.Start();
            return keeper;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlanFileException($"Agent:StateDirectory '{settings.StateDirectory}' cannot be used: {e.Message}");
        }
    }

    private static IHost Build(AgentSettings settings, IConfiguration configuration, PlanFileReading? reading)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConfiguration(configuration.GetSection("Logging"));
        builder.Logging.AddFilter("MassTransit", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        builder.Logging.AddJsonConsole(json =>
        {
            (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.ffffffZ");
            json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // a log is read, not put into a web page
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(settings).AddSingleton<WalkLog>();
        AddFabric(builder.Services, settings);
        AddPlan(builder.Services, settings, isStatic: reading is not null);
        if (reading is null) AddControlPlane(builder.Services, settings);
        else builder.Services.AddHostedService(p => ActivatorUtilities.CreateInstance<PlanFileLoop>(p, reading));
        return builder.Build();
    }

    private static void AddFabric(IServiceCollection services, AgentSettings settings)
    {
        services.AddSingleton<NamespaceThread>();
        services.AddSingleton(settings.Names);
        services.AddSingleton<INetworks, NamespaceSockets>();
        services.AddSingleton<IFabric>(p => new NamespaceFabric(
            settings.Names, new NetworkSysctls(settings.Fabric.CongestionControl, settings.Fabric.LocalPortRange), p.GetRequiredService<NamespaceThread>(), settings.AgentId));
        services.AddSingleton(p => new SocketDataPlane(
            p.GetRequiredService<INetworks>(), settings.Resolvers,
            new RelayOptions { Seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) },
            new ProbeOptions { Interval = TimeSpan.FromSeconds(settings.Probe.IntervalSeconds), Timeout = TimeSpan.FromSeconds(settings.Probe.TimeoutSeconds) },
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<WalkLog>(), p.GetRequiredService<ILogger<SocketDataPlane>>()));
        services.AddSingleton<IDataPlane>(p => p.GetRequiredService<SocketDataPlane>());
        services.AddHostedService(p => ActivatorUtilities.CreateInstance<FlowCountersLoop>(p, settings.ZoneId, TimeSpan.FromSeconds(settings.ReportSeconds)));
    }

    private static void AddPlan(IServiceCollection services, AgentSettings settings, bool isStatic)
    {
        services.AddSingleton<Reconciler>();
        // In static mode the file is the plan on disk; a second copy could only disagree with it.
        services.AddSingleton(p => new PlanKeeper(
            settings.ZoneId,
            isStatic ? null : new PlanStore(settings.StateDirectory, settings.ZoneId, settings.PlanStore.CompactAtMultiple, settings.PlanStore.CompactAtLeastBytes),
            p.GetRequiredService<Reconciler>(), p.GetRequiredService<ILogger<PlanKeeper>>()));
        services.AddHostedService(p => ActivatorUtilities.CreateInstance<AuditLoop>(p, TimeSpan.FromSeconds(settings.AuditSeconds)));
    }

    private static void AddControlPlane(IServiceCollection services, AgentSettings settings)
    {
        services.AddSingleton(_ => new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(3),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2), // so that a changed DNS answer is noticed
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1), // longer than the slow timer: a doorbell finds the connection warm
        }) { Timeout = TimeSpan.FromSeconds(10) });
        services.AddSingleton(p => new ControlPlaneClient(p.GetRequiredService<HttpClient>(), settings.ControlPlanes, settings.ZoneId, settings.TokenFile));
        services.AddSingleton(new FetchStep(TimeSpan.FromSeconds(settings.SlowPollSeconds)));
        services.AddSingleton<FetchLoop>().AddHostedService(p => p.GetRequiredService<FetchLoop>());
        services.AddSingleton(new ReportStep(TimeSpan.FromSeconds(settings.ReportSeconds), gather: TimeSpan.FromMilliseconds(50)));
        services.AddSingleton(p => new ReportWriter(settings.AgentId, settings.LeaseSeconds, () => p.GetRequiredService<SocketDataPlane>().Health));
        services.AddSingleton<ReportLoop>().AddHostedService(p => ListeningToHealth(p.GetRequiredService<ReportLoop>(), p.GetRequiredService<SocketDataPlane>()));
        if (settings.Broker.Host.Length > 0) DoorbellBus.Add(services, settings);
    }

    private static ReportLoop ListeningToHealth(ReportLoop loop, SocketDataPlane dataPlane)
    {
        dataPlane.HealthChanged += loop.HealthChanged;
        return loop;
    }
}
