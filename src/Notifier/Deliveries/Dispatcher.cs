using System.Collections.Concurrent;
using System.Data.Common;
using PrivateLinkCloud.Notifier.Platform;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>
/// From the schema to the wire:
/// <code>
/// 1 take what is due ─► 2 attempt ─► 3 DeliveryStep: what next? ─► 4 record ─► ring ─► 1
/// </code>
/// A crash between 2 and 4 leaves a message whose lease ends: it is sent again, with the same id.
/// </summary>
public sealed class Dispatcher(DeliveryStore store, WebhookSender sender, DeliveryOptions options, Wakeup wakeup, TimeProvider time, ILogger<Dispatcher> log) : BackgroundService
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    private readonly DeliverySchedule schedule = options.Schedule();
    private readonly InFlight inFlight = new(options.Concurrency);
    private readonly ConcurrentDictionary<Task, bool> underWay = new();

    /// <summary>Takes messages until told to stop, then lets the attempts under way end: their timeout bounds the wait.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var pause = await Look(stoppingToken);
                if (pause > TimeSpan.Zero) await wakeup.Wait(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(underWay.Keys);
        }
    }

    /// <summary>One look. Returns how long it may be until the next, if nobody rings.</summary>
    private async Task<TimeSpan> Look(CancellationToken cancel)
    {
        try
        {
            var now = time.GetUtcNow();
            if (inFlight.Room <= 0) return options.Poll;
            // :: 1: take
            var batch = await store.TakeDue(now, now + options.Lease, inFlight.Room, options.ConcurrencyPerDestination, inFlight.PerDestination(), cancel);
            foreach (var message in batch.Messages) Begin(message);
            if (batch.Messages.Count > 0) return TimeSpan.Zero; // there may be more
            return batch.NextDue is { } due && due > now && due - now < options.Poll ? due - now : options.Poll;
        }
        catch (DbException e)
        {
            Log.StoreOutOfReach(log, e.Message);
            return PauseAfterTrouble;
        }
    }

    private void Begin(TakenMessage message)
    {
        inFlight.Begin(message.DestinationKey);
        // An attempt has its own timeout and outlives the order to stop: cutting it would send the message twice for nothing.
        var task = Deliver(message);
        underWay.TryAdd(task, true);
        _ = task.ContinueWith(done => underWay.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task Deliver(TakenMessage message)
    {
        try
        {
            // :: 2: attempt
            var started = time.GetUtcNow();
            var mark = time.GetTimestamp();
            var outcome = await sender.Send(message.Webhook, started, CancellationToken.None);
            // :: 3: what next
            var now = time.GetUtcNow();
            var after = DeliveryStep.After(now, message.Delivery, outcome, schedule);
            Tell(message, after, outcome);
            // :: 4: record
            if (!await Record(message, new Attempt(started, time.GetElapsedTime(mark), outcome), after, now)) Log.LeaseEnded(log, message.Webhook.Id);
        }
        catch (Exception e)
        {
            // Whatever it was, the lease brings the message back; an attempt must not end the process of all the others.
            Log.AttemptNotRecorded(log, message.Webhook.Id, e);
        }
        finally
        {
            inFlight.End(message.DestinationKey);
            wakeup.Ring();
        }
    }

    /// <summary>What was sent cannot be unsent: while the lease lasts, a database that went away in between is waited for.</summary>
    private async Task<bool> Record(TakenMessage message, Attempt attempt, Delivery after, DateTimeOffset now)
    {
        while (true)
        {
            try
            {
                return await store.Record(message, attempt, after, now, CancellationToken.None);
            }
            catch (DbException e) when (time.GetUtcNow() + PauseAfterTrouble < message.LeaseEnd)
            {
                Log.StoreOutOfReach(log, e.Message);
                await Task.Delay(PauseAfterTrouble, time);
            }
        }
    }

    private void Tell(TakenMessage message, Delivery after, AttemptOutcome outcome)
    {
        var id = message.Webhook.Id;
        if (after.State == DeliveryState.Delivered && outcome is AttemptOutcome.Answered answered) Log.Delivered(log, message.EndpointId, message.Type, id, answered.Status, after.Attempts);
        else if (after.DueAt is { } due) Log.WillRetry(log, message.EndpointId, message.Type, id, after.Reason, after.Attempts, due);
        else Log.GivenUp(log, message.EndpointId, message.Type, id, after.State, after.Reason, after.Attempts);
    }
}
