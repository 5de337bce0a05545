using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Domain.Topics;

/// <summary>The law of topics and webhook subscriptions.</summary>
public static partial class TopicDecider
{
    public const int SubscriptionsPerTopic = 100;

    /// <summary>Claim scope of the notifications that publish to a topic.</summary>
    public static string UseScope(string arn) => $"topic-use/{arn}";

    public static Decision Create(Topic? topic, CreateTopic c) =>
        c.Name is null || !TopicName().IsMatch(c.Name) ? Rejection.Invalid("InvalidTopicName", $"'{c.Name}' is not a topic name. Use 1 to 256 letters, digits, hyphens and underscores.")
        : topic is { Deleted: false } ? Decision.Nothing
        : Decision.Of(new TopicCreated(c.TopicArn, c.Account, c.Name, c.Now)) with
        {
            // A topic's ARN is its name, so it may come back: deleting it closed the scope, creating it anew opens it.
            Releases = topic is null ? [] : [(UseScope(c.TopicArn), Claim.ClosedMark, Claim.ClosedMark)],
        };

    public static Decision Subscribe(Topic topic, Subscribe c)
    {
        if (c.Protocol is not ("https" or "http")) return Rejection.Invalid("InvalidProtocol", $"'{c.Protocol}' is not a protocol. Use https or http.");
        if (!Uri.TryCreate(c.Destination, UriKind.Absolute, out var uri) || uri.Scheme != c.Protocol || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 || c.Destination.Length > 2048)
            return Rejection.Invalid("InvalidDestination", $"'{c.Destination}' is not an absolute {c.Protocol} URL without credentials and fragment, of at most 2,048 characters. Write it like {c.Protocol}://example.com/hook.");
        if (topic.Subscriptions.Any(s => s.Destination == c.Destination)) return Rejection.Conflict("SubscriptionExists", "The destination is subscribed already. Unsubscribe it first to get a new secret.");
        if (topic.Subscriptions.Count >= SubscriptionsPerTopic) return new Rejection(RejectionKind.LimitExceeded, "SubscriptionLimitExceeded", $"A topic has at most {SubscriptionsPerTopic} subscriptions. Unsubscribe one first.");
        return Decision.Of(new TopicSubscribed(topic.Id, c.SubscriptionArn, c.Protocol, c.Destination, c.Secret, c.Now));
    }

    public static Decision Unsubscribe(Topic topic, Unsubscribe c) =>
        topic.Subscriptions.All(s => s.Arn != c.SubscriptionArn) ? Decision.Nothing : Decision.Of(new TopicUnsubscribed(topic.Id, c.SubscriptionArn, c.Now));

    public static Decision Delete(Topic topic, DeleteTopic c) =>
        topic.Deleted ? Decision.Nothing : Decision.Of(new TopicDeleted(topic.Id, c.Now)) with
        {
            Unused = [(UseScope(topic.Id), Rejection.Conflict("ResourceInUse", "Connection notifications still publish to the topic. Delete them first."))],
        };

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,256}\z")] private static partial Regex TopicName();
}
