using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>A role that a route does not serve gets a problem like every other refusal.</summary>
public sealed class ProblemForForbidden : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _standard = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Forbidden
            ? Problems.Of(StatusCodes.Status403Forbidden, "RoleNotPermitted", "The token's role is not served by this route. Use a token of the role the route is for: a tenant's, a zone agent's or the platform operator's.").ExecuteAsync(context)
            : _standard.HandleAsync(next, context, policy, authorizeResult);
}
