using System.Security.Claims;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>How does the tenant learn that it works? Station 10 of the walk: agents fetch their zone's plan here and report what is true. An
/// agent's token is bound to one zone; another zone does not exist for it.</summary>
public static class ZoneReportRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var zones = routes.MapGroup("/v1/zones/{zoneId}").RequireAuthorization(Authentication.Agents).AddEndpointFilter(OwnZoneAsync).WithTags("zone agents");
        zones.MapGet("/plan", PlanAsync).WithName("GetZonePlan").WithSummary("The zone's plan: what changed since a revision, or the whole").Produces<ZonePlan>().Produces(204);
        zones.MapPost("/reports", ReportAsync).WithName("ReportZone").WithSummary("What one agent has seen to be true; renews its lease").Accepts<ZoneReport>("application/json").Produces(204);
    }

    private static async Task<IResult> PlanAsync(string zoneId, string? epoch, long? since, ZonePlans plans, CancellationToken ct) =>
        await plans.SinceAsync(zoneId, epoch, since ?? 0, ct) is { } plan ? TypedResults.Json(plan, WireJson.Tolerant) : TypedResults.NoContent();

    private static async Task<IResult> ReportAsync(string zoneId, HttpContext http, ZoneLeases leases, CancellationToken ct)
    {
        // Read with the contracts' own rules: a newer agent may send what we do not know yet.
        var report = await http.Request.ReadFromJsonAsync<ZoneReport>(WireJson.Tolerant, ct);
        if (report is null || report.LeaseSeconds is < 1 or > 300 || report.AgentId.Length is 0 or > 64 || (report.Epoch != "none" && !Guid.TryParse(report.Epoch, out _)))
            return Problems.Of(400, "InvalidReport", "A report names its agent (1-64 characters), an epoch, and a lease of 1-300 seconds.");
        await leases.ReportAsync(zoneId, report, ct);
        return TypedResults.NoContent();
    }

    private static async ValueTask<object?> OwnZoneAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.User.FindFirstValue("zone") == (string?)context.HttpContext.Request.RouteValues["zoneId"]
            ? await next(context)
            : Problems.Of(404, "InvalidZone.NotFound", "There is no such zone for this token. Use the token of the zone's own agents.");
}
