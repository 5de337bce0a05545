namespace PrivateLinkCloud.Domain.ConnectionNotifications;

/// <summary>"Tell this topic about these events of this service, or of this endpoint" (rules §2.3). Exactly one of the two is set.</summary>
public sealed record ConnectionNotification(string Id, string Account, string? ServiceId, string? EndpointId, string TopicArn, IReadOnlyList<ConnectionEvent> Events) : IFold<ConnectionNotification>
{
    public int Version { get; init; }
    public bool Deleted { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(ConnectionNotificationCreated), typeof(ConnectionNotificationDeleted)];

    public static ConnectionNotification? Evolve(ConnectionNotification? state, object @event) => (state, @event) switch
    {
        (_, ConnectionNotificationCreated e) => new ConnectionNotification(e.NotificationId, e.Account, e.ServiceId, e.EndpointId, e.TopicArn, e.Events),
        ({ } notification, ConnectionNotificationDeleted) => notification with { Deleted = true },
        _ => state,
    };
}

/// <summary>The vendor's four, and no others.</summary>
public enum ConnectionEvent { Accept, Connect, Delete, Reject }

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record ConnectionNotificationCreated(string NotificationId, string Account, string? ServiceId, string? EndpointId, string TopicArn, IReadOnlyList<ConnectionEvent> Events, DateTimeOffset At);
public sealed record ConnectionNotificationDeleted(string NotificationId, DateTimeOffset At);

public sealed record CreateConnectionNotification(string NotificationId, string Account, string? ServiceId, string? EndpointId, string TopicArn, IReadOnlyList<ConnectionEvent> Events, DateTimeOffset Now);
public sealed record DeleteConnectionNotification(DateTimeOffset Now);
