using System.Security.Claims;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>The signed-in party, as the token says.</summary>
/// <param name="Arn">The user's or role's own ARN, when the token carries one: principals narrower than an account are matched by it.</param>
public sealed record Caller(string Account, string? Arn, CallerRole Role)
{
    /// <summary>Who is recorded as having caused a fact.</summary>
    public static Caller From(ClaimsPrincipal principal) =>
        new(principal.FindFirstValue("tenant") ?? "", principal.FindFirstValue("arn"), RoleOf(principal.FindFirstValue("role")));

    public static CallerRole RoleOf(string? role) => role switch
    {
        "owner" => CallerRole.Owner,
        "operator" => CallerRole.Operator,
        "viewer" => CallerRole.Viewer,
        "agent" => CallerRole.Agent,
        "platform-operator" => CallerRole.PlatformOperator,
        _ => CallerRole.None,
    };

    public static ValueTask<Caller> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));

    /// <summary>What a token must say before anything else is looked at; null when it is fine.</summary>
    public static (int Status, string Code, string Detail)? Fault(ClaimsPrincipal principal, bool writes)
    {
        var caller = From(principal);
        if (caller.Role == CallerRole.None) return (403, "RoleMissing", "The token has no role this API knows. It needs a 'role' claim: owner, operator or viewer.");
        if (caller.Role is CallerRole.Agent or CallerRole.PlatformOperator) return (403, "RoleNotPermitted", "This role does not act for a tenant. Use a tenant's token.");
        if (!Names.IsAccount(caller.Account)) return (403, "TenantMissing", "The token names no tenant. It needs a 'tenant' claim with a 12-digit account.");
        if (writes && caller.Role == CallerRole.Viewer) return (403, "RoleNotPermitted", "A viewer may look, and change nothing. Use an operator's or owner's token.");
        return null;
    }
}

/// <summary>Owner and operator may do the same for now; the portal will tell them apart.</summary>
public enum CallerRole { None, Viewer, Operator, Owner, Agent, PlatformOperator }
