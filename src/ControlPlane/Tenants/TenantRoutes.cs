using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.Tenants;

namespace PrivateLinkCloud.ControlPlane.Tenants;

/// <summary>Tenants are registered by the platform operator.</summary>
public static class TenantRoutes
{
    /// <param name="ZoneIds">The zones in the order this tenant is to see them; left out: shuffled.</param>
    public sealed record RegisterTenantBody(string Account, string Name, string? Region = null, IReadOnlyList<string>? ZoneIds = null);
    public sealed record TenantShape(string Account, string Name);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var tenants = routes.MapGroup("/v1/tenants").ForPlatformOperators("tenants");
        tenants.MapPost("/", RegisterAsync).WithName("RegisterTenant").WithSummary("Register a tenant and fix its names of the zones").Produces<TenantShape>(201);
        tenants.MapGet("/{account}", GetAsync).WithName("GetTenant").WithSummary("One tenant").Produces<TenantShape>();
    }

    private static async Task<IResult> RegisterAsync(RegisterTenantBody body, HttpContext http, Api api, TenantDirectory directory, PlatformSettings settings, TimeProvider time)
    {
        var regionId = body.Region ?? settings.Region;
        if (await directory.RegionAsync(regionId, http.RequestAborted) is not { } region) return Problems.From(Rejection.NotFound("InvalidRegion.NotFound", "region", regionId));
        return await api.HandleAsync<Tenant>(http, body.Account, nameof(RegisterTenant),
            tenant => Task.FromResult(TenantDecider.Register(tenant, new RegisterTenant(body.Account, body.Name, region, body.ZoneIds, Ids.NewSeed(), time.GetUtcNow()))), Shape, 201, tenant: body.Account);
    }

    private static async Task<IResult> GetAsync(string account, TenantDirectory directory, CancellationToken ct) =>
        await directory.TenantAsync(account, ct) is { } tenant ? Api.Item(Shape(tenant)) : Problems.From(Rejection.NotFound("InvalidAccount.NotFound", "tenant", account));

    private static TenantShape Shape(Tenant tenant) => new(tenant.Id, tenant.Name);
}
