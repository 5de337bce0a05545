using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.DataPlane;

namespace PrivateLinkCloud.ZoneAgent.Reports;

/// <summary>
/// Says in the log what flowed: every so often one line for each endpoint whose counters moved since its last line, so that an endpoint's
/// lines add up to its counters. Once more at the end; what the end itself resets is in the flows' own lines alone.
/// </summary>
public sealed class FlowCountersLoop(SocketDataPlane dataPlane, string zoneId, TimeSpan every, TimeProvider time, ILogger<FlowCountersLoop> logger) : BackgroundService
{
    private IReadOnlyDictionary<string, EndpointCounters> _told = ImmutableDictionary<string, EndpointCounters>.Empty;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        await LastingLoop.RunAsync(async () =>
        {
            await timer.WaitForNextTickAsync(stoppingToken);
            Tell();
        }, time, logger, stoppingToken);
        Tell();
    }

    /// <returns>What was added since <paramref name="before"/> (the flows now open excepted), or null when nothing was.</returns>
    internal static EndpointCounters? Gained(EndpointCounters? before, EndpointCounters now)
    {
        if (before is null) return now;
        var ends = now.Ends.Select(e => KeyValuePair.Create(e.Key, e.Value - before.Ends.GetValueOrDefault(e.Key))).Where(e => e.Value > 0).ToImmutableSortedDictionary();
        var gained = new EndpointCounters(
            now.NewFlows - before.NewFlows, now.ActiveFlows, now.BytesToTarget - before.BytesToTarget, now.BytesToConsumer - before.BytesToConsumer, ends);
        return gained is { NewFlows: 0, BytesToTarget: 0, BytesToConsumer: 0, Ends.IsEmpty: true } ? null : gained;
    }

    private void Tell()
    {
        var now = dataPlane.Counters;
        foreach (var (endpointId, counters) in now)
            if (Gained(_told.GetValueOrDefault(endpointId), counters) is { } gained)
                logger.FlowCounters(endpointId, zoneId, gained.NewFlows, gained.Ends.Values.Sum(), string.Join(' ', gained.Ends.Select(e => $"{e.Key}={e.Value}")),
                    gained.ActiveFlows, gained.BytesToTarget, gained.BytesToConsumer);
        _told = now;
    }
}
