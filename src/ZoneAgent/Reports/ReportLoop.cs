using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent.Reports;

/// <summary>Drives <see cref="ReportStep"/>: waits for news or the timer, and sends.</summary>
public sealed class ReportLoop(ReportWriter writer, PlanKeeper keeper, ControlPlaneClient client, ReportStep step, TimeProvider time, ILogger<ReportLoop> logger)
    : BackgroundService
{
    private readonly SemaphoreSlim _news = new(0);
    private int _planApplied;
    private int _healthChanged;

    /// <summary>A target's health changed. Any thread; never waits.</summary>
    public void HealthChanged() => Note(ref _healthChanged);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        keeper.Changed += PlanChanged;
        var state = ReportState.Start(time.GetUtcNow());
        var input = ReportInput.Tick;
        return LastingLoop.RunAsync(async () =>
        {
            (state, var send) = step.Step(state, time.GetUtcNow(), input);
            input = ReportInput.Failed; // should the next line throw
            input = send ? await SendAsync(stoppingToken) : await NextInputAsync(state.NextAt, stoppingToken);
        }, time, logger, stoppingToken);
    }

    public override void Dispose()
    {
        keeper.Changed -= PlanChanged;
        base.Dispose();
    }

    private void PlanChanged() => Note(ref _planApplied);

    private void Note(ref int flag)
    {
        if (Interlocked.Exchange(ref flag, 1) == 0) _news.Release();
    }

    private async Task<ReportInput> NextInputAsync(DateTimeOffset until, CancellationToken stop)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var left = until - time.GetUtcNow();
        var news = _news.WaitAsync(timer.Token);
        await Task.WhenAny(news, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, timer.Token));
        await timer.CancelAsync();
        if (Interlocked.Exchange(ref _planApplied, 0) == 1) return ReportInput.PlanApplied;
        return Interlocked.Exchange(ref _healthChanged, 0) == 1 ? ReportInput.HealthChanged : ReportInput.Tick;
    }

    private async Task<ReportInput> SendAsync(CancellationToken stop)
    {
        if (keeper.Standing == PlanStanding.None) return ReportInput.Acknowledged; // nothing was ever taken or refused: nothing to say
        var draft = writer.Draft(keeper.Standing);
        try
        {
            await client.ReportAsync(draft.Report, stop);
            writer.Acknowledged(draft);
            return ReportInput.Acknowledged;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            logger.ReportFailed(client.Current, e.Message);
            client.TurnToNext();
            return ReportInput.Failed;
        }
    }
}
