namespace PrivateLinkCloud.Contracts;

/// <summary>
/// One message for one confirmed webhook subscription, due now. Travels over the durable queue <see cref="Queue"/>, at least once; the
/// notifier de-duplicates by <see cref="Id"/>. It carries destination and secret, so that the notifier needs no access to the
/// control plane's data.
/// </summary>
public sealed record DueNotification
{
    public const string Queue = "due-notifications";

    /// <summary><c>msg_</c> + 32 hex digits, the same over every retry and repetition: the receiver's idempotency key (Standard Webhooks).</summary>
    public required string Id { get; init; }
    public required string SubscriptionArn { get; init; }

    /// <summary>Absolute http(s) URL.</summary>
    public required string Destination { get; init; }

    /// <summary><c>whsec_</c> + base64 of 24–64 bytes.</summary>
    public required string Secret { get; init; }

    /// <summary>endpoint.connect | endpoint.accept | endpoint.reject | endpoint.delete.</summary>
    public required string Type { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The interface endpoint it is about.</summary>
    public required string EndpointId { get; init; }

    /// <summary>The JSON text to send, signed as it stands: <c>{"type":…,"timestamp":…,"data":{…}}</c>.</summary>
    public required string Body { get; init; }
}
