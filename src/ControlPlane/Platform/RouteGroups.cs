namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Who a group of routes serves, and what every route of the group goes through.</summary>
public static class RouteGroups
{
    public static RouteGroupBuilder ForTenants(this RouteGroupBuilder group, string tag) =>
        group.RequireAuthorization(Authentication.Tenants).AddEndpointFilter(Authentication.RequireTenantAsync).AddEndpointFilterFactory(WellFormed.Filter).AddEndpointFilter(IdempotencyFilter).WithTags(tag);

    public static RouteGroupBuilder ForPlatformOperators(this RouteGroupBuilder group, string tag) =>
        group.RequireAuthorization(Authentication.PlatformOperators).AddEndpointFilterFactory(WellFormed.Filter).AddEndpointFilter(IdempotencyFilter).WithTags(tag);

    private static ValueTask<object?> IdempotencyFilter(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<IdempotencyKeys>().FilterAsync(context, next);
}
