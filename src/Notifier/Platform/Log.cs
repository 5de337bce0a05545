using PrivateLinkCloud.Notifier.Deliveries;

namespace PrivateLinkCloud.Notifier.Platform;

/// <summary>Everything the notifier can say. Ids are stable: others search for them (1100 is a station of the lab's walk).</summary>
internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Webhook {Type} for {EndpointId} delivered: {MessageId} answered {StatusCode} at attempt {Attempt}")]
    public static partial void Delivered(ILogger log, string endpointId, string type, string messageId, int statusCode, int attempt);

    [LoggerMessage(1101, LogLevel.Information, "Webhook {Type} for {EndpointId} not delivered: {MessageId}, {Reason}; attempt {Attempt}, next at {DueAt:O}")]
    public static partial void WillRetry(ILogger log, string endpointId, string type, string messageId, string? reason, int attempt, DateTimeOffset dueAt);

    [LoggerMessage(1102, LogLevel.Warning, "Webhook {Type} for {EndpointId} given up ({State}): {MessageId}, {Reason}; after attempt {Attempt}")]
    public static partial void GivenUp(ILogger log, string endpointId, string type, string messageId, DeliveryState state, string? reason, int attempt);

    [LoggerMessage(1103, LogLevel.Debug, "{MessageId} came again and is known")]
    public static partial void Known(ILogger log, string messageId);

    [LoggerMessage(1104, LogLevel.Warning, "{MessageId} can never be sent: {Reason}")]
    public static partial void Undeliverable(ILogger log, string messageId, string? reason);

    [LoggerMessage(1110, LogLevel.Warning, "The database is out of reach, trying on: {Reason}")]
    public static partial void StoreOutOfReach(ILogger log, string reason);

    [LoggerMessage(1111, LogLevel.Warning, "The lease of {MessageId} had ended before its attempt did; it was sent twice")]
    public static partial void LeaseEnded(ILogger log, string messageId);

    [LoggerMessage(1112, LogLevel.Error, "The attempt of {MessageId} could not be recorded; it will be made again when its lease ends")]
    public static partial void AttemptNotRecorded(ILogger log, string messageId, Exception e);
}
