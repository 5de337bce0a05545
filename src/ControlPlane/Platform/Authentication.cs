using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.IdentityModel.Tokens;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>OAuth2 bearer JWTs from any OIDC authority; algorithms pinned, issuer and audience checked, no claim renamed on the way.</summary>
public static class Authentication
{
    public const string Tenants = "tenants";
    public const string Agents = "agents";
    public const string PlatformOperators = "platform-operators";

    public static void AddAuthentication(IServiceCollection services, AuthSettings settings)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o =>
        {
            o.Authority = settings.Authority;
            o.Audience = settings.Audience;
            // A plain http authority is for one machine only; anywhere else the keys could be swapped on the way.
            o.RequireHttpsMetadata = !(Uri.TryCreate(settings.Authority, UriKind.Absolute, out var uri) && uri.IsLoopback);
            o.MapInboundClaims = false;
            o.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAlgorithms = settings.AcceptedAlgorithms, ValidAudience = settings.Audience, ValidateIssuer = true, ValidateAudience = true,
                ValidateLifetime = true, RequireExpirationTime = true, RequireSignedTokens = true, ClockSkew = TimeSpan.FromSeconds(30),
            };
            o.Events = new JwtBearerEvents { OnChallenge = ChallengeAsync };
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Tenants, p => p.RequireAuthenticatedUser())
            .AddPolicy(Agents, p => p.RequireClaim("role", "agent"))
            .AddPolicy(PlatformOperators, p => p.RequireClaim("role", "platform-operator"));
        services.AddSingleton<Microsoft.AspNetCore.Authorization.IAuthorizationMiddlewareResultHandler, ProblemForForbidden>();
    }

    /// <summary>Each way a token can be wrong has its own code; none says more than the sender already knows.</summary>
    private static async Task ChallengeAsync(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        if (context.AuthenticateFailure is not null && !await IsAuthorityThereAsync(context))
        {
            await Problems.Of(StatusCodes.Status503ServiceUnavailable, "AuthorityUnavailable", "The keys of the identity provider cannot be read, so no token can be checked. Try again.").ExecuteAsync(context.HttpContext);
            return;
        }
        var (code, detail) = context.AuthenticateFailure switch
        {
            null => ("TokenMissing", "Send a bearer token: Authorization: Bearer <JWT>."),
            SecurityTokenExpiredException => ("TokenExpired", "The token has expired. Get a new one from your identity provider."),
            SecurityTokenInvalidAudienceException => ("TokenAudience", "The token was issued for another audience. Get one for this API from your identity provider."),
            SecurityTokenInvalidIssuerException => ("TokenIssuer", "The token comes from an issuer this API does not trust. Get one from the identity provider the platform operator names."),
            SecurityTokenInvalidAlgorithmException or SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
                ("TokenSignature", "The token is not signed with a key and algorithm this API accepts. Get a new one from your identity provider, and send it unchanged."),
            _ => ("TokenInvalid", "The token cannot be read or is not valid now. Get a new one from your identity provider, and send it unchanged."),
        };
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", error_description=\"{code}\"";
        await Problems.Of(StatusCodes.Status401Unauthorized, code, detail).ExecuteAsync(context.HttpContext);
    }

    /// <summary>Without the issuer's keys every token fails, for a reason that is not the token's. The keys once read are kept.</summary>
    private static async Task<bool> IsAuthorityThereAsync(JwtBearerChallengeContext context)
    {
        try
        {
            return context.Options.ConfigurationManager is { } keys && await keys.GetConfigurationAsync(context.HttpContext.RequestAborted) is not null;
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException)
        {
            return false;
        }
    }

    /// <summary>Runs before every tenant route: whose token is it, and may its role do this?</summary>
    public static async ValueTask<object?> RequireTenantAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var fault = Caller.Fault(http.User, writes: !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method));
        if (fault is { } f) return Problems.Of(f.Status, f.Code, f.Detail);
        var directory = http.RequestServices.GetRequiredService<TenantDirectory>();
        var account = http.User.FindFirstValue("tenant")!;
        return await directory.TenantAsync(account, http.RequestAborted) is null
            ? Problems.Of(StatusCodes.Status403Forbidden, "AccountNotRegistered", $"Account {account} is not registered here. Ask the platform operator.")
            : await next(context);
    }
}
