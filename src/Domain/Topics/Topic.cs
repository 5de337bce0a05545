namespace PrivateLinkCloud.Domain.Topics;

/// <summary>Where connection notifications are published; its subscriptions are where they go.</summary>
public sealed record Topic(string Id, string Account, string Name, IReadOnlyList<TopicSubscription> Subscriptions) : IFold<Topic>
{
    public int Version { get; init; }
    public bool Deleted { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(TopicCreated), typeof(TopicSubscribed), typeof(TopicUnsubscribed), typeof(TopicDeleted)];

    public static Topic? Evolve(Topic? state, object @event) => (state, @event) switch
    {
        (_, TopicCreated e) => new Topic(e.TopicArn, e.Account, e.Name, []),
        ({ } topic, TopicSubscribed e) => topic with { Subscriptions = [.. topic.Subscriptions, new TopicSubscription(e.SubscriptionArn, e.Protocol, e.Destination, e.Secret)] },
        ({ } topic, TopicUnsubscribed e) => topic with { Subscriptions = [.. topic.Subscriptions.Where(s => s.Arn != e.SubscriptionArn)] },
        ({ } topic, TopicDeleted) => topic with { Deleted = true },
        _ => state,
    };
}

/// <param name="Protocol">https or http.</param>
/// <param name="Secret">Standard Webhooks: <c>whsec_</c> + base64 of 24–64 bytes. Told in the answer to the subscription alone.</param>
public sealed record TopicSubscription(string Arn, string Protocol, string Destination, string Secret);

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record TopicCreated(string TopicArn, string Account, string Name, DateTimeOffset At);
public sealed record TopicSubscribed(string TopicArn, string SubscriptionArn, string Protocol, string Destination, string Secret, DateTimeOffset At);
public sealed record TopicUnsubscribed(string TopicArn, string SubscriptionArn, DateTimeOffset At);
public sealed record TopicDeleted(string TopicArn, DateTimeOffset At);

public sealed record CreateTopic(string TopicArn, string Account, string? Name, DateTimeOffset Now);
public sealed record Subscribe(string SubscriptionArn, string? Protocol, string? Destination, string Secret, DateTimeOffset Now);
public sealed record Unsubscribe(string SubscriptionArn, DateTimeOffset Now);
public sealed record DeleteTopic(DateTimeOffset Now);
