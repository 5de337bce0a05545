namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>What the schedule needs to remember of one message on its way to one destination.</summary>
/// <param name="Attempts">Attempts that ended, whatever their end. One cut short by a crash is not counted: it is made again.</param>
/// <param name="DueAt">When to try next; null once <paramref name="State"/> is final.</param>
/// <param name="Reason">Why the last attempt failed; null after success and before the first.</param>
public sealed record Delivery(DeliveryState State, int Attempts, DateTimeOffset? DueAt, string? Reason = null);

/// <summary>All but <see cref="Pending"/> are final. Stored by name (<c>delivery.message.state</c>).</summary>
public enum DeliveryState
{
    Pending,

    /// <summary>Answered 2xx.</summary>
    Delivered,

    /// <summary>Answered 410: the receiver wants no more of it.</summary>
    Gone,

    /// <summary>The schedule ran out.</summary>
    Exhausted,

    /// <summary>No attempt can succeed: the URL, the secret or the id is not one.</summary>
    Undeliverable,
}
