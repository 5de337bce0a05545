using System.Net;
using System.Net.Sockets;
using JasperFx.Events.Daemon;
using Marten;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using PrivateLinkCloud.ControlPlane.ConnectionNotifications;
using PrivateLinkCloud.ControlPlane.EndpointServices;
using PrivateLinkCloud.ControlPlane.InterfaceEndpoints;
using PrivateLinkCloud.ControlPlane.LoadBalancers;
using PrivateLinkCloud.ControlPlane.Regions;
using PrivateLinkCloud.ControlPlane.TargetGroups;
using PrivateLinkCloud.ControlPlane.Tenants;
using PrivateLinkCloud.ControlPlane.Topics;
using PrivateLinkCloud.ControlPlane.Vpcs;
using PrivateLinkCloud.ControlPlane.Zones;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>How the control plane is put together. A new slice adds its routes here, and what it needs.</summary>
public static class Composition
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);
        AddFile(builder.Configuration);
        var settings = Settings.Read(builder.Configuration);
        Logging(builder.Logging);
        Http(builder, settings.Http);
        AddPlatform(builder.Services, settings);
        AddEventStore(builder.Services);
        AddZones(builder.Services);
        Authentication.AddAuthentication(builder.Services, settings.Auth);
        Broker.AddBroker(builder.Services, settings.Broker);

        var app = builder.Build();
        app.Use(Refusals.CatchAsync);
        app.UseStatusCodePages(Refusals.StatusCodeAsync);
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use((context, next) => IdempotencyKeys.ReadAsync(context, next)); // after it is known who asks: a stranger's body is not read
        MapRoutes(app);
        return app;
    }

    /// <summary><c>--config=FILE</c>, a file like <c>deploy/control-plane.default.jsonc</c>; environment and command line override it.</summary>
    private static void AddFile(ConfigurationManager configuration)
    {
        if (configuration["config"] is not { } file) return;
        var source = new JsonConfigurationSource { Path = Path.GetFullPath(file) };
        source.ResolveFileProvider();
        Settings.RefuseUnknownSections(new ConfigurationBuilder().Add(source).Build());
        configuration.Sources.Insert(0, source);
    }

    public static void MapRoutes(IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapGet("/health", HealthAsync).ExcludeFromDescription();
        RegionRoutes.Map(routes);
        TenantRoutes.Map(routes);
        VpcRoutes.Map(routes);
        TargetGroupRoutes.Map(routes);
        LoadBalancerRoutes.Map(routes);
        EndpointServiceRoutes.Map(routes);
        InterfaceEndpointRoutes.Map(routes);
        NetworkInterfaceRoutes.Map(routes);
        TopicRoutes.Map(routes);
        ConnectionNotificationRoutes.Map(routes);
        ZoneReportRoutes.Map(routes);
    }

    public static void Logging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(o => { o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ"; o.UseUtcTimestamp = true; });
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddFilter("Marten", LogLevel.Warning)
            .AddFilter("Marten.IDocumentStore", LogLevel.Critical) // it calls every lost race an error; whoever catches the exception says what matters
            .AddFilter("JasperFx", LogLevel.Warning).AddFilter("MassTransit", LogLevel.Warning).AddFilter("Npgsql", LogLevel.Warning);
    }

    private static void AddPlatform(IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings).AddSingleton(settings.Database).AddSingleton(settings.Platform).AddSingleton(settings.Zones).AddSingleton(settings.Endpoints.Times);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(ControlPlaneIdentity.OfThisProcess);
        services.AddSingleton(_ => EventDatabase.Open(settings.Database));
        services.AddSingleton<CommandHandling>().AddSingleton<Api>().AddSingleton<IdempotencyKeys>().AddSingleton<TenantDirectory>().AddSingleton<CrossTenant>().AddSingleton<WalkLog>();
        services.AddSingleton<VpcQueries>().AddSingleton<EndpointServiceQueries>().AddSingleton<InterfaceEndpointQueries>().AddSingleton<EndpointDoors>();
        services.AddHostedService<Housekeeping>();
        services.Configure<JsonOptions>(o => Api.Configure(o.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", OpenApi.Configure);
    }

    private static void AddEventStore(IServiceCollection services)
    {
        services.AddSingleton<CommitWakeup>();
        services.AddMarten(provider =>
        {
            var options = new StoreOptions();
            MartenSetup.Configure(options, provider.GetRequiredService<NpgsqlDataSource>());
            var wakeup = provider.GetRequiredService<CommitWakeup>();
            options.Projections.Wakeup = wakeup;
            options.Listeners.Add(wakeup);
            options.Projections.Subscribe(new ZonePlanPublisher(() => ActivatorUtilities.CreateInstance<ZonePlanPublisher.Parts>(provider)));
            options.Projections.Subscribe(new DueNotifications(() => ActivatorUtilities.CreateInstance<DueNotifications.Parts>(provider)));
            return options;
        })
        .AddAsyncDaemon(DaemonMode.HotCold);
    }

    private static void AddZones(IServiceCollection services)
    {
        services.AddSingleton<PlanFacts>().AddSingleton<ZonePlans>().AddSingleton<ZoneReadiness>().AddSingleton<ZoneLeases>();
        services.AddSingleton<Doorbells>().AddHostedService(p => p.GetRequiredService<Doorbells>());
        services.AddSingleton<DueNotificationRelay>().AddHostedService(p => p.GetRequiredService<DueNotificationRelay>());
        services.AddHostedService<Clock>();
    }

    private static void Http(WebApplicationBuilder builder, HttpSettings settings)
    {
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o =>
        {
            o.AddServerHeader = false;
            o.Limits.MaxRequestBodySize = 1 << 20; // 1 MiB: the largest honest body is a list of targets
            o.Listen(IPAddress.Parse(settings.Address), settings.Port);
        });
        if (settings.ReusePort) builder.WebHost.UseSockets(o => o.CreateBoundListenSocket = BindShared);
    }

    /// <summary>Several control planes on one host share the port: the kernel gives a dead one's new connections to the others.</summary>
    private static Socket BindShared(EndPoint endpoint)
    {
        const int SolSocket = 1, SoReusePort = 15;
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
        socket.Bind(endpoint);
        return socket;
    }

    private static async Task<IResult> HealthAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(ct);
        return TypedResults.Json(new { status = "ready" });
    }
}
