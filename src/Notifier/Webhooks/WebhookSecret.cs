using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PrivateLinkCloud.Notifier.Webhooks;

/// <summary>A symmetric Standard Webhooks secret: <c>whsec_</c> + base64 of 24–64 bytes.</summary>
public sealed class WebhookSecret
{
    private const string Prefix = "whsec_";
    private readonly byte[] key;

    private WebhookSecret(byte[] key) => this.key = key;

    public static bool TryParse(string? text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        var bytes = new byte[96];
        secret = text is not null && text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], bytes, out var length) && length is >= 24 and <= 64
            ? new WebhookSecret(bytes[..length]) : null;
        return secret is not null;
    }

    /// <summary>One entry of the <c>webhook-signature</c> header: <c>v1,</c> + base64 of HMAC-SHA256 over <c>{id}.{timestamp}.{body}</c>.</summary>
    /// <param name="timestamp">Unix seconds, as in <c>webhook-timestamp</c>.</param>
    public string Sign(string id, long timestamp, string body)
    {
        var content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, content))}";
    }

    /// <summary>Secrets do not belong in logs.</summary>
    public override string ToString() => Prefix + "…";
}
