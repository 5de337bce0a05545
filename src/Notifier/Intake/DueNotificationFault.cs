using System.Text.RegularExpressions;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Intake;

/// <summary>Why a due notification can never be sent, whatever the network does; null when it can.</summary>
public static partial class DueNotificationFault
{
    public static string? Of(DueNotification due) =>
        !MessageId().IsMatch(due.Id) ? "the id is not msg_ and 32 hex digits"
        : !WebhookSecret.TryParse(due.Secret, out _) ? "the secret is not whsec_ and base64 of 24 to 64 bytes"
        : DestinationUrl.Fault(due.Destination);

    /// <summary>It becomes a header: nothing may come through that could end one.</summary>
    [GeneratedRegex(@"\Amsg_[0-9a-f]{32}\z")] private static partial Regex MessageId();
}
