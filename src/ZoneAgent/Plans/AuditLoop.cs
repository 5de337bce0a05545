using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>Looks at the host from time to time: somebody may have deleted what we made, and what was in trouble may work by now.</summary>
public sealed class AuditLoop(PlanKeeper keeper, TimeSpan every, TimeProvider time, ILogger<AuditLoop> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            try
            {
                keeper.Audit();
            }
#pragma warning disable CA1031 // whatever one look stumbles over, the next look must come
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.ReconcileFailed(e);
            }
    }
}
