using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>A receiver's side of Standard Webhooks, written from the specification and sharing no line with the product.</summary>
internal static class StandardWebhooks
{
    /// <summary>True when one of the space-separated signatures is ours and the timestamp is within five minutes of <paramref name="now"/>.</summary>
    public static bool Verify(string secret, string id, string timestamp, string signatures, string body, DateTimeOffset now)
    {
        var seconds = long.Parse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture);
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > 300) return false;
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret["whsec_".Length..]));
        foreach (var part in new[] { id, ".", timestamp, ".", body }) mac.AppendData(Encoding.UTF8.GetBytes(part));
        var expected = mac.GetHashAndReset();
        return signatures.Split(' ').Any(s => s.StartsWith("v1,", StringComparison.Ordinal) && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(s[3..]), expected));
    }
}
