using System.Data.Common;
using MassTransit;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Deliveries;
using PrivateLinkCloud.Notifier.Platform;

namespace PrivateLinkCloud.Notifier.Intake;

/// <summary>
/// From the broker to the schema, one at a time and in the queue's order (first attempts keep it). The broker hears "done" only
/// after the commit; while the database is away, the message stays with the broker, unacknowledged.
/// </summary>
public sealed class DueNotificationConsumer(DeliveryStore store, DeliveryOptions options, Wakeup wakeup, TimeProvider time, IHostApplicationLifetime host,
    ILogger<DueNotificationConsumer> log) : IConsumer<DueNotification>
{
    private static readonly TimeSpan PauseAfterTrouble = TimeSpan.FromSeconds(1);

    public async Task Consume(ConsumeContext<DueNotification> context)
    {
        var due = context.Message;
        var now = time.GetUtcNow();
        var delivery = DeliveryStep.Received(now, DueNotificationFault.Of(due), options.Schedule());
        if (!await Store(due, delivery, now, host.ApplicationStopping)) Log.Known(log, due.Id);
        else if (delivery.State == DeliveryState.Undeliverable) Log.Undeliverable(log, due.Id, delivery.Reason);
        else wakeup.Ring();
    }

    private async Task<bool> Store(DueNotification due, Delivery delivery, DateTimeOffset now, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await store.Store(due, delivery, now, stopping);
            }
            catch (DbException e) when (!IsTheMessagesFault(e))
            {
                Log.StoreOutOfReach(log, e.Message);
                await Task.Delay(PauseAfterTrouble, time, stopping);
            }
        }
    }

    /// <summary>Class 22, data exception, and class 23, integrity: a value PostgreSQL cannot hold. It would fail for ever, so it goes
    /// to the error queue; all else (away, restarting, schema not migrated yet, rights missing) is waited out.</summary>
    private static bool IsTheMessagesFault(DbException e) => e is PostgresException { SqlState: ['2', '2' or '3', ..] };
}
