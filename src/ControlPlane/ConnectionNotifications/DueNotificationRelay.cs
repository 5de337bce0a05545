using System.Text.Json;
using MassTransit;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.ConnectionNotifications;

/// <summary>
/// Moves due notifications from the database to the durable queue: confirmed by the broker and mandatory (a queue that is not there is an
/// error, not a loss), deleted only then. A crash in between sends one twice; the notifier knows it by its id.
/// </summary>
public sealed class DueNotificationRelay(NpgsqlDataSource database, IBus bus, TimeProvider time, ILogger<DueNotificationRelay> log) : BackgroundService
{
    private const int BatchSize = 50;

    /// <summary>Without a wake-up (another control plane wrote the row, or the broker was away) we look this often.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _signal = new(0, 1);

    public void Wake()
    {
        try { _signal.Release(); }
        catch (SemaphoreFullException) { /* already awake */ }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendBatchAsync(stoppingToken) == BatchSize) { }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.NotificationsWait(e.Message);
            }
            using var poll = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(_signal.WaitAsync(poll.Token), Task.Delay(SlowPoll, time, poll.Token));
            await poll.CancelAsync();
        }
    }

    private async Task<int> SendBatchAsync(CancellationToken stopping)
    {
        await using var connection = await database.OpenConnectionAsync(stopping);
        await using var transaction = await connection.BeginTransactionAsync(stopping);
        var due = await DueAsync(connection, stopping);
        if (due.Count == 0) return 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience); // the rows stay locked meanwhile, and another control plane passes over them
        var queue = await bus.GetSendEndpoint(new Uri($"queue:{DueNotification.Queue}"));
        await Task.WhenAll(due.Select(d => queue.Send(d, c =>
        {
            c.MessageId = new Guid(Convert.FromHexString(d.Id["msg_".Length..]));
            if (c.TryGetPayload<RabbitMqSendContext>(out var rabbit)) rabbit.Mandatory = true;
        }, patience.Token)));
        await using var delete = new NpgsqlCommand("delete from app.due_notification where id = any($1)", connection, transaction) { Parameters = { new() { Value = due.Select(d => d.Id).ToArray() } } };
        await delete.ExecuteNonQueryAsync(stopping);
        await transaction.CommitAsync(stopping);
        return due.Count;
    }

    private static async Task<IReadOnlyList<DueNotification>> DueAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select body::text from app.due_notification order by created_at, id limit $1 for update skip locked", connection) { Parameters = { new() { Value = BatchSize } } };
        var due = new List<DueNotification>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) due.Add(JsonSerializer.Deserialize<DueNotification>(reader.GetString(0), WireJson.Tolerant)!);
        return due;
    }
}
