using System.Globalization;

namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>What next after an attempt. Pure: the dispatcher drives it in the product, tables and virtual clocks in tests.</summary>
public static class DeliveryStep
{
    /// <summary>A message has arrived; <paramref name="fault"/> says why it can never be sent, null when it can.</summary>
    public static Delivery Received(DateTimeOffset now, string? fault, DeliverySchedule schedule) =>
        fault is null ? new(DeliveryState.Pending, 0, now + schedule.Delays[0]) : new(DeliveryState.Undeliverable, 0, null, fault);

    /// <summary>An attempt has ended at <paramref name="now"/>. A final delivery stays as it is, whatever a late attempt says.</summary>
    public static Delivery After(DateTimeOffset now, Delivery delivery, AttemptOutcome outcome, DeliverySchedule schedule)
    {
        if (delivery.State != DeliveryState.Pending) return delivery;
        var ended = delivery with { Attempts = delivery.Attempts + 1 };
        return outcome switch
        {
            AttemptOutcome.Answered { Status: >= 200 and < 300 } => Final(ended, DeliveryState.Delivered, null),
            AttemptOutcome.Answered { Status: 410 } => Final(ended, DeliveryState.Gone, Reason(outcome)),
            _ when ended.Attempts >= schedule.Delays.Count => Final(ended, DeliveryState.Exhausted, Reason(outcome)),
            _ => ended with { DueAt = now + Pause(ended.Attempts, outcome, schedule), Reason = Reason(outcome) },
        };
    }

    private static Delivery Final(Delivery delivery, DeliveryState state, string? reason) => delivery with { State = state, DueAt = null, Reason = reason };

    /// <summary>Retry-After only ever lengthens the pause: it asks for mercy, not for haste. It counts on 429 and 503 alone
    /// (RFC 6585 §4, RFC 9110 §10.2.3); on a 3xx it means something else.</summary>
    private static TimeSpan Pause(int attempts, AttemptOutcome outcome, DeliverySchedule schedule)
    {
        var planned = schedule.Delays[attempts];
        if (outcome is not AttemptOutcome.Answered { Status: 429 or 503, RetryAfter: { } asked }) return planned;
        var granted = asked < schedule.LongestRetryAfter ? asked : schedule.LongestRetryAfter;
        return granted > planned ? granted : planned;
    }

    private static string Reason(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Answered { Status: >= 300 and < 400 } answer => string.Create(CultureInfo.InvariantCulture, $"answered {answer.Status}; redirects are not followed"),
        AttemptOutcome.Answered answer => string.Create(CultureInfo.InvariantCulture, $"answered {answer.Status}"),
        AttemptOutcome.Unanswered end => $"{end.Because}: {end.Detail}",
        _ => throw new InvalidOperationException($"An end without a reason: {outcome}"),
    };
}
