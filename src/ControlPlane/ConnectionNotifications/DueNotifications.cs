using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.Topics;

namespace PrivateLinkCloud.ControlPlane.ConnectionNotifications;

/// <summary>
/// Tails the event store for Connect, Accept, Reject and Delete, and writes one due notification per matching subscription in the
/// transaction of its own progress. Apart from the zones' publisher, so that neither waits for the other.
/// </summary>
public sealed class DueNotifications : SubscriptionBase
{
    private readonly Lazy<Parts> _parts;

    /// <summary>What it works with. Resolved on first use: the store that runs this subscription is itself one of the parts.</summary>
    public sealed record Parts(CrossTenant CrossTenant, IDocumentStore Store, DueNotificationRelay Relay);

    public DueNotifications(Func<Parts> parts)
    {
        _parts = new Lazy<Parts>(parts);
        Name = "DueNotifications";
        Options.BatchSize = 100;
    }

    public override async Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var due = new List<DueNotification>();
        foreach (var e in page.Events.Where(e => e.Data is not Tombstone))
            if (About(e.Data) is var (endpointId, kind, at)) due.AddRange(await MessagesAsync(e, endpointId, kind, at, cancellationToken));
        if (due.Count == 0) return NullChangeListener.Instance;
        ((ITransactionParticipantRegistrar)operations).AddTransactionParticipant(new Insert(due));
        return new AfterCommit(_parts.Value.Relay);
    }

    private static (string EndpointId, ConnectionEvent Kind, DateTimeOffset At)? About(object data) => data switch
    {
        InterfaceEndpointRequested e => (e.EndpointId, ConnectionEvent.Connect, e.At),
        EndpointConnectionAccepted e => (e.EndpointId, ConnectionEvent.Accept, e.At),
        EndpointConnectionRejected e => (e.EndpointId, ConnectionEvent.Reject, e.At),
        InterfaceEndpointDeleteRequested e => (e.EndpointId, ConnectionEvent.Delete, e.At),
        _ => null,
    };

    private async Task<IEnumerable<DueNotification>> MessagesAsync(IEvent e, string endpointId, ConnectionEvent kind, DateTimeOffset at, CancellationToken ct)
    {
        if (await _parts.Value.CrossTenant.EndpointAsync(endpointId, ct) is not { } endpoint) return [];
        var messages = new List<DueNotification>();
        foreach (var notification in (await _parts.Value.CrossTenant.NotificationsAboutAsync(endpoint.ServiceId, endpointId, ct)).Where(n => n.Events.Contains(kind)))
        {
            await using var session = _parts.Value.Store.QuerySession(notification.Account);
            var topic = await session.LoadAsync<Topic>(notification.TopicArn, ct);
            messages.AddRange((topic?.Subscriptions ?? []).Select(s => Message(e, notification, s, endpoint, kind, at)));
        }
        return messages;
    }

    private static DueNotification Message(IEvent e, ConnectionNotification notification, TopicSubscription subscription, InterfaceEndpoint endpoint, ConnectionEvent kind, DateTimeOffset at)
    {
        var type = $"endpoint.{JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())}";
        return new DueNotification
        {
            Id = MessageId(e.Id, notification.Id, subscription.Arn),
            SubscriptionArn = subscription.Arn,
            Destination = subscription.Destination,
            Secret = subscription.Secret,
            Type = type,
            OccurredAt = at,
            EndpointId = endpoint.Id,
            Body = JsonSerializer.Serialize(new ConnectionMessage(type, at, new ConnectionData(notification.Id, endpoint.Id, endpoint.ServiceId, endpoint.ServiceName, endpoint.RegionId, endpoint.Consumer, endpoint.Message)), Api.Json),
        };
    }

    /// <summary>From what it is about, not from chance: a page that is replayed yields the same ids.</summary>
    private static string MessageId(Guid eventId, string notificationId, string subscriptionArn) =>
        "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{eventId:N}\n{notificationId}\n{subscriptionArn}")))[..32];

    private sealed class Insert(IReadOnlyList<DueNotification> due) : ITransactionParticipant
    {
        public async Task BeforeCommitAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
        {
            foreach (var message in due)
            {
                await using var command = new NpgsqlCommand("insert into app.due_notification (id, body) values ($1, $2::jsonb) on conflict (id) do nothing", connection, transaction)
                {
                    Parameters = { new() { Value = message.Id }, new() { Value = JsonSerializer.Serialize(message, WireJson.Tolerant) } },
                };
                await command.ExecuteNonQueryAsync(token);
            }
        }
    }

    private sealed class AfterCommit(DueNotificationRelay relay) : IChangeListener
    {
        public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;

        public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
        {
            relay.Wake();
            return Task.CompletedTask;
        }
    }
}

/// <summary>The webhook's body, Standard Webhooks shaped. The vendor documents no payload; this one is ours and additive.</summary>
public sealed record ConnectionMessage(string Type, DateTimeOffset Timestamp, ConnectionData Data);

public sealed record ConnectionData(string NotificationId, string EndpointId, string ServiceId, string ServiceName, string Region, string Consumer, string? Message);
