using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.Notifier.Tests.Support;

internal static class Due
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static DueNotification To(Uri destination, string? id = null, string subscription = "arn:aws:sns:eu-1:111122223333:knocks:1") => To(destination.ToString(), id, subscription);

    public static DueNotification To(string destination, string? id = null, string subscription = "arn:aws:sns:eu-1:111122223333:knocks:1") => new()
    {
        Id = id ?? $"msg_{Guid.NewGuid():N}",
        SubscriptionArn = subscription,
        Destination = destination,
        Secret = Secret,
        Type = "endpoint.connect",
        OccurredAt = DateTimeOffset.UtcNow,
        EndpointId = "vpce-0123456789abcdef0",
        Body = """{"type":"endpoint.connect","timestamp":"2026-01-02T03:04:05Z","data":{"endpoint":"vpce-0123456789abcdef0","note":"ü"}}""",
    };
}
