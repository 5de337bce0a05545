using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>A real OIDC authority on loopback: discovery, keys, and tokens with any claims a test wants.</summary>
public sealed class Issuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Authority { get; private set; } = "";
    public const string Audience = "privatelinkcloud";

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(_key.ExportParameters(false))) { KeyId = "test" });
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Authority, jwks_uri = $"{Authority}/jwks" }));
        _app.MapGet("/jwks", () => Results.Json(new { keys = new[] { new { kty = jwk.Kty, crv = jwk.Crv, x = jwk.X, y = jwk.Y, kid = jwk.Kid, use = "sig", alg = "ES256" } } }));
    }

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        await issuer._app.StartAsync();
        issuer.Authority = issuer._app.Urls.Single();
        return issuer;
    }

    public string Tenant(string account, string role = "owner") => Token(new() { ["tenant"] = account, ["role"] = role });
    public string PlatformOperator() => Token(new() { ["role"] = "platform-operator" });
    public string Agent(string zoneId) => Token(new() { ["role"] = "agent", ["zone"] = zoneId });

    /// <param name="lifetime">From now; a token is valid for two hours, so more than that is not valid yet. Infinite: without an end.</param>
    public string Token(Dictionary<string, object> claims, string? audience = Audience, TimeSpan? lifetime = null, SigningCredentials? credentials = null, string? issuer = null)
    {
        DateTime? expires = lifetime == Timeout.InfiniteTimeSpan ? null : DateTime.UtcNow + (lifetime ?? TimeSpan.FromHours(1));
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Authority, Audience = audience, Expires = expires, NotBefore = expires?.AddHours(-2), Claims = claims,
            SigningCredentials = credentials ?? new SigningCredentials(new ECDsaSecurityKey(_key) { KeyId = "test" }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }
}
