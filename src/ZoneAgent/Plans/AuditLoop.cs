using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>Looks at the host from time to time: somebody may have deleted what we made, and what was in trouble may work by now.</summary>
public sealed class AuditLoop(PlanKeeper keeper, TimeSpan every, TimeProvider time, ILogger<AuditLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        await LastingLoop.RunAsync(async () =>
        {
            await timer.WaitForNextTickAsync(stoppingToken);
            keeper.Audit();
        }, time, logger, stoppingToken);
    }
}
