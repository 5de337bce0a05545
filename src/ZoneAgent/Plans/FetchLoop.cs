using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>Drives <see cref="FetchStep"/>: waits for a ring or the timer, fetches, hands over. The thin part around the thought-out one.</summary>
public sealed class FetchLoop(PlanKeeper keeper, ControlPlaneClient client, FetchStep step, TimeProvider time, ILogger<FetchLoop> logger) : BackgroundService
{
    // Rings may burst; only their number grows, and each is worth no more than the newest of its epoch.
    private readonly Channel<FetchInput> _inputs = Channel.CreateBounded<FetchInput>(
        new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>A doorbell. Any thread; never waits.</summary>
    public void Ring(ZoneDoorbell doorbell) => _inputs.Writer.TryWrite(new FetchInput.Rang(doorbell.Epoch, doorbell.Revision));

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var standing = keeper.Standing;
        var state = FetchState.Start(standing.Epoch, standing.Revision, time.GetUtcNow());
        FetchInput input = new FetchInput.Tick();
        return LastingLoop.RunAsync(async () =>
        {
            (state, var fetch) = step.Step(state, time.GetUtcNow(), Random.Shared.NextDouble(), input);
            input = new FetchInput.Failed(); // should the next line throw
            input = fetch is null ? await NextInputAsync(state.NextAt, stoppingToken) : await FetchAsync(fetch, stoppingToken);
        }, time, logger, stoppingToken);
    }

    private async Task<FetchInput> NextInputAsync(DateTimeOffset until, CancellationToken stop)
    {
        if (_inputs.Reader.TryRead(out var waiting)) return waiting;
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var left = until - time.GetUtcNow();
        var ring = _inputs.Reader.WaitToReadAsync(timer.Token).AsTask();
        await Task.WhenAny(ring, Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, timer.Token));
        await timer.CancelAsync();
        return _inputs.Reader.TryRead(out var input) ? input : new FetchInput.Tick();
    }

    private async Task<FetchInput> FetchAsync(FetchAction fetch, CancellationToken stop)
    {
        try
        {
            var update = await client.FetchAsync(fetch, stop);
            var result = update is null ? null : keeper.Take(update);
            if (result is MergeResult.Refused refused) return new FetchInput.Refused(refused.NeedsWhole);
            return new FetchInput.Answered(keeper.Standing.Epoch, keeper.Standing.Revision);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            keeper.RefuseUnreadable($"the control plane's answer is not a plan: {e.Message}");
            return new FetchInput.Refused(NeedsWhole: false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            logger.FetchFailed(client.Current, e.Message);
            client.TurnToNext();
            return new FetchInput.Failed();
        }
    }
}
