using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>
/// The lab's own identity provider: enough of OpenID Connect that the product takes it like any other (discovery, keys, the
/// client-credentials grant). ES256; the key lives in this process alone and dies with it.
/// </summary>
public sealed class TokenIssuer(TimeProvider time) : IDisposable
{
    public const string Audience = "privatelinkcloud";
    private const string KeyId = "lab";

    /// <summary>Long enough for a lab that stays up for days: nothing renews the tokens it hands out in files.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Dictionary<string, Dictionary<string, object>> _clients = [];

    /// <summary>What every client of this issuer must show; in <c>lab.json</c>.</summary>
    public string ClientSecret { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>Known once the server listens.</summary>
    public Uri? Issuer { get; set; }

    public void AddPlatformOperator(string client) => _clients[client] = new() { ["role"] = "platform-operator" };
    public void AddTenant(string client, string account) => _clients[client] = new() { ["role"] = "owner", ["tenant"] = account };
    public void AddAgent(string client, string zoneId) => _clients[client] = new() { ["role"] = "agent", ["zone"] = zoneId };

    public string TokenFor(string client)
    {
        var now = time.GetUtcNow();
        var claims = new Dictionary<string, object>(_clients[client])
        {
            ["iss"] = IssuerText, ["aud"] = Audience, ["sub"] = client,
            ["iat"] = now.ToUnixTimeSeconds(), ["nbf"] = now.ToUnixTimeSeconds(), ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
        };
        return Sign(claims);
    }

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/openid-configuration", () => TypedResults.Json(Discovery()));
        routes.MapGet("/jwks", () => TypedResults.Json(Keys()));
        routes.MapPost("/token", GrantAsync);
    }

    public void Dispose() => _key.Dispose();

    private string IssuerText => Issuer?.ToString().TrimEnd('/') ?? throw new InvalidOperationException("the issuer does not listen yet");

    private Dictionary<string, object> Discovery() => new()
    {
        ["issuer"] = IssuerText, ["jwks_uri"] = IssuerText + "/jwks", ["token_endpoint"] = IssuerText + "/token",
        ["id_token_signing_alg_values_supported"] = (string[])["ES256"], ["grant_types_supported"] = (string[])["client_credentials"],
        ["response_types_supported"] = (string[])["token"], ["subject_types_supported"] = (string[])["public"],
    };

    private object Keys()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new { keys = (object[])[new { kty = "EC", use = "sig", alg = "ES256", crv = "P-256", kid = KeyId, x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) }] };
    }

    /// <summary>RFC 6749 §4.4, credentials in the form (§2.3.1).</summary>
    private async Task<IResult> GrantAsync(HttpRequest request)
    {
        if (!request.HasFormContentType) return Refused("invalid_request");
        var form = await request.ReadFormAsync(request.HttpContext.RequestAborted);
        if (form["grant_type"] != "client_credentials") return Refused("unsupported_grant_type");
        var secretFits = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes((string?)form["client_secret"] ?? ""), Encoding.UTF8.GetBytes(ClientSecret));
        if (!secretFits || !_clients.ContainsKey((string?)form["client_id"] ?? "")) return Refused("invalid_client");
        return TypedResults.Json(new Dictionary<string, object> { ["access_token"] = TokenFor(form["client_id"]!), ["token_type"] = "Bearer", ["expires_in"] = (int)Lifetime.TotalSeconds });
    }

    private static IResult Refused(string error) => Results.Json(new { error }, statusCode: error == "invalid_client" ? 401 : 400);

    private string Sign(Dictionary<string, object> claims)
    {
        var head = Encode(new Dictionary<string, object> { ["alg"] = "ES256", ["typ"] = "JWT", ["kid"] = KeyId });
        var signed = $"{head}.{Encode(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Dictionary<string, object> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
