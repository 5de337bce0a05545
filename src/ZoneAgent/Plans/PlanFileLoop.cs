using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>
/// Static mode: takes the plan file over again on SIGHUP and when the file changes. A file that is malformed leaves everything as it was.
/// </summary>
public sealed class PlanFileLoop(PlanFileReading first, PlanKeeper keeper, TimeProvider time, ILogger<PlanFileLoop> logger) : BackgroundService
{
    /// <summary>By looking, not by inotify: editors replace files, mounts do not always tell, and a second is soon enough for a hand.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var hungUp = 0;
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true; // the default action would end the process
            Interlocked.Exchange(ref hungUp, 1);
        });
        using var timer = new PeriodicTimer(LookEvery, time);
        var seen = first.Stamp;
        await LastingLoop.RunAsync(async () =>
        {
            await timer.WaitForNextTickAsync(stoppingToken);
            var now = PlanFile.StampOf(first.Path);
            var asked = Interlocked.Exchange(ref hungUp, 0) == 1;
            if (now == seen && !asked) return;
            seen = now;
            logger.PlanFileRead(first.Path, asked ? "SIGHUP" : "it changed");
            TakeOver();
        }, time, logger, stoppingToken);
    }

    private void TakeOver()
    {
        try
        {
            var plan = PlanFile.Read(first.Path).Plan;
            // The newest reading counts, whatever number its author left in it.
            keeper.Take(plan with { Revision = Math.Max(plan.Revision, keeper.Standing.Revision) });
        }
        catch (PlanFileException e)
        {
            keeper.RefuseUnreadable(e.Message);
        }
    }
}
