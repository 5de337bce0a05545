using PrivateLinkCloud.Domain.Topics;

namespace PrivateLinkCloud.Domain.ConnectionNotifications;

/// <summary>The law of connection notifications. That service, endpoint and topic are the account's own is looked up before.</summary>
public static class ConnectionNotificationDecider
{
    public static Decision Create(ConnectionNotification? notification, CreateConnectionNotification c)
    {
        if (notification is not null) return Rejection.Conflict("InvalidConnectionNotificationId.Exists", "The id is taken.");
        if ((c.ServiceId is null) == (c.EndpointId is null)) return Rejection.Invalid("InvalidNotificationSubject", "Name either serviceId or endpointId.");
        if (c.Events.Count == 0) return Rejection.Invalid("MissingConnectionEvents", "Name at least one of accept, connect, delete, reject.");
        return Decision.Of(new ConnectionNotificationCreated(c.NotificationId, c.Account, c.ServiceId, c.EndpointId, c.TopicArn, [.. c.Events.Distinct().Order()], c.Now)) with
        {
            Claims = [new Claim(TopicDecider.UseScope(c.TopicArn), c.NotificationId, c.NotificationId, Rejection.Conflict("ResourceInUse", "The id is taken."))],
        };
    }

    public static Decision Delete(ConnectionNotification notification, DeleteConnectionNotification c) =>
        notification.Deleted ? Decision.Nothing : Decision.Of(new ConnectionNotificationDeleted(notification.Id, c.Now)) with { Releases = [(TopicDecider.UseScope(notification.TopicArn), null, notification.Id)] };
}
