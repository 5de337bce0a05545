using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using PrivateLinkCloud.ZoneAgent;
using PrivateLinkCloud.ZoneAgent.Doorbells;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>
/// One change in a zone that holds 100, 1,000 and 10,000 doors: from the event to "applied" by the agent. Planner, doorbell, fetch, plan on
/// disk and reconciler are the real ones; only the host's addresses and sockets are not made.
/// </summary>
public static class PlanBench
{
    private static readonly int[] Sizes = [100, 1_000, 10_000];
    private const int Changes = 40, EndpointsPerVpc = 50;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var state = Directory.CreateTempSubdirectory("plc-bench-");
        try
        {
            return await MeasureAsync(state.FullName);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(string state)
    {
        await using var bed = await Bed.MakeAsync();
        using var agent = Agent(bed, state);
        await agent.StartAsync();
        var keeper = agent.Services.GetRequiredService<PlanKeeper>();
        var dataPlane = (NullDataPlane)agent.Services.GetRequiredService<IDataPlane>();
        var world = await PlanWorld.MakeAsync(bed);
        var figures = new List<Figure>();
        double smallest = 0;
        foreach (var size in Sizes)
        {
            await world.GrowAsync(size, EndpointsPerVpc);
            await SettledAsync(bed, keeper);
            var times = new List<double>();
            for (var i = 0; i < Changes; i++) times.Add(await world.ChangeAsync(keeper, () => dataPlane.Table));
            var p50 = times.Percentile(50);
            if (smallest == 0) smallest = p50;
            figures.Add(size == Sizes[0] ? Figure.Plain($"event -> applied, {size} doors, p50", p50, "ms") : Figure.RatioAtMost($"event -> applied, {size} doors, p50", p50, "ms", smallest, 1.5));
            Console.WriteLine($"  {size} doors: p50 {p50.ToString("F1", CultureInfo.InvariantCulture)} ms, p95 {times.Percentile(95).ToString("F1", CultureInfo.InvariantCulture)} ms");
        }
        await agent.StopAsync();
        return figures;
    }

    private static IHost Agent(Bed bed, string state)
    {
        var token = Path.Combine(state, "token");
        File.WriteAllText(token, bed.Token("agent"));
        var settings = new AgentSettings
        {
            AgentId = "bench", ZoneId = Bed.ZoneId, StateDirectory = Path.Combine(state, "plan"), ControlPlane = bed.Api.ToString(), TokenFile = token,
            Broker = new BrokerSettings { Host = Bed.Broker.Host, Port = (ushort)Bed.Broker.Port, Username = Bed.Broker.UserInfo.Split(':')[0], Password = Uri.UnescapeDataString(Bed.Broker.UserInfo.Split(':')[1]) },
        };
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(settings).AddSingleton<WalkLog>();
        builder.Services.AddSingleton<IFabric, MemoryFabric>().AddSingleton<IDataPlane, NullDataPlane>().AddSingleton<Reconciler>();
        builder.Services.AddSingleton(p => new PlanKeeper(Bed.ZoneId, new PlanStore(settings.StateDirectory, Bed.ZoneId, 4, 1 << 20), p.GetRequiredService<Reconciler>(), p.GetRequiredService<ILogger<PlanKeeper>>()));
        builder.Services.AddSingleton(_ => new ControlPlaneClient(new HttpClient(), settings.ControlPlanes, settings.ZoneId, settings.TokenFile));
        builder.Services.AddSingleton(new FetchStep(TimeSpan.FromSeconds(settings.SlowPollSeconds)));
        builder.Services.AddSingleton<FetchLoop>().AddHostedService(p => p.GetRequiredService<FetchLoop>());
        DoorbellBus.Add(builder.Services, settings);
        var host = builder.Build();
        host.Services.GetRequiredService<PlanKeeper>().Start();
        return host;
    }

    /// <summary>Until the agent holds everything the control plane has planned.</summary>
    private static async Task SettledAsync(Bed bed, PlanKeeper keeper)
    {
        await using var database = NpgsqlDataSource.Create(bed.ConnectionString);
        for (long before = -1, behind = 0; ;)
        {
            await using var command = database.CreateCommand("select (select revision from app.zone_revision where zone = 'use1-az1'), (select max(seq_id) from plc.mt_events) - (select last_seq_id from plc.mt_event_progression where name like 'ZonePlan%')");
            await using var reader = await command.ExecuteReaderAsync();
            await reader.ReadAsync();
            (var revision, behind) = (reader.GetInt64(0), reader.GetInt64(1));
            if (behind == 0 && revision == before && keeper.Standing.Revision == revision) return;
            before = revision;
            await Task.Delay(500);
        }
    }
}
