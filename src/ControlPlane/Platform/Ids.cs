using System.Security.Cryptography;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Where chance enters: new ids in the field's forms. Deciders get them as fields of the command.</summary>
public static class Ids
{
    private const string LettersAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary><c>vpce-</c> + 17 hex digits: 68 bits, never reused (S-17).</summary>
    public static string New(string prefix) => $"{prefix}-{RandomNumberGenerator.GetHexString(17, lowercase: true)}";

    /// <summary>The 16 hex digits at the end of a load balancer's or target group's ARN.</summary>
    public static string NewArnTail() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    /// <summary>The eight characters that make an endpoint's names unguessable (S-30).</summary>
    public static string NewNameSuffix() => RandomNumberGenerator.GetString(LettersAndDigits, 8);

    public static string NewWebhookSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
    public static int NewSeed() => RandomNumberGenerator.GetInt32(int.MaxValue);
}
