using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.Regions;

namespace PrivateLinkCloud.ControlPlane.Regions;

/// <summary>Regions and zones: opened by the platform operator, seen by tenants under their own names (S-38, S-39).</summary>
public static class RegionRoutes
{
    public sealed record OpenRegionBody(string Region);
    public sealed record OpenZoneBody(string ZoneId);
    public sealed record RegionShape(string Region, IReadOnlyList<string> ZoneIds);
    public sealed record ZoneShape(string ZoneName, string ZoneId, string Region);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var operators = routes.MapGroup("/v1/regions").ForPlatformOperators("regions");
        operators.MapPost("/", OpenAsync).WithName("OpenRegion").WithSummary("Open a region").Produces<RegionShape>(201);
        operators.MapPost("/{region}/zones", OpenZoneAsync).WithName("OpenZone").WithSummary("Open a zone in a region").Produces<RegionShape>(201);
        routes.MapGroup("/v1/zones").ForTenants("zones").MapGet("/", ZonesAsync).WithName("ListZones").WithSummary("The zones, as this account calls them").Produces<ItemList<ZoneShape>>();
    }

    private static Task<IResult> OpenAsync(OpenRegionBody body, HttpContext http, Api api, TimeProvider time) =>
        api.HandleAsync<Region>(http, body.Region, nameof(OpenRegion), region => Task.FromResult(RegionDecider.Decide(region, new OpenRegion(body.Region, time.GetUtcNow()))), Shape, 201, MartenSetup.PlatformTenant);

    private static Task<IResult> OpenZoneAsync(string region, OpenZoneBody body, HttpContext http, Api api, TimeProvider time) =>
        api.HandleAsync<Region>(http, region, nameof(OpenZone), r => Task.FromResult(RegionDecider.Decide(r, new OpenZone(region, body.ZoneId, time.GetUtcNow()))), Shape, 201, MartenSetup.PlatformTenant);

    private static async Task<IResult> ZonesAsync(Caller caller, TenantDirectory directory, CancellationToken ct)
    {
        var zones = await directory.ZonesAsync(caller.Account, ct);
        return Api.Items(zones.Regions.SelectMany(region => region.ZoneIds.Select(id => new ZoneShape(zones.Name(id), id, region.Id))).OrderBy(z => z.ZoneName, StringComparer.Ordinal));
    }

    private static RegionShape Shape(Region region) => new(region.Id, region.ZoneIds);
}
