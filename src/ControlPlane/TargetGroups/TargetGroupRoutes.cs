using Marten;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.ControlPlane.Vpcs;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.TargetGroups;
using Settings = PrivateLinkCloud.Domain.TargetGroups.HealthCheckSettings;

namespace PrivateLinkCloud.ControlPlane.TargetGroups;

/// <summary>Target groups over HTTP: made, filled, and their health as the zones' agents see it.</summary>
public static class TargetGroupRoutes
{
    public sealed record HealthCheckBody(double? IntervalSeconds = null, double? TimeoutSeconds = null, int? HealthyThreshold = null, int? UnhealthyThreshold = null);
    public sealed record CreateTargetGroupBody(string Name, string VpcId, int Port, HealthCheckBody? HealthCheck = null);

    /// <param name="AvailabilityZone">Only for an address outside the VPC.</param>
    public sealed record TargetBody(string Address, int? Port = null, string? AvailabilityZone = null);
    public sealed record TargetsBody(IReadOnlyList<TargetBody> Targets);
    public sealed record TargetGroupShape(string Id, string Arn, string Name, string VpcId, int Port, Settings HealthCheck, IReadOnlyList<RegisteredTarget> Targets);

    /// <param name="State">initial, healthy, unhealthy; unused while no load balancer forwards to the group.</param>
    public sealed record TargetHealthShape(string Address, int Port, string ZoneId, string State, string? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1/target-groups").ForTenants("target groups");
        groups.MapPost("/", CreateAsync).WithName("CreateTargetGroup").WithSummary("Create a target group").Produces<TargetGroupShape>(201);
        groups.MapGet("/", ListAsync).WithName("ListTargetGroups").WithSummary("The account's target groups").Produces<ItemList<TargetGroupShape>>();
        groups.MapGet("/{targetGroupId}", GetAsync).WithName("GetTargetGroup").WithSummary("One target group").Produces<TargetGroupShape>();
        groups.MapPost("/{targetGroupId}/register-targets", RegisterAsync).WithName("RegisterTargets").WithSummary("Add targets").Produces<TargetGroupShape>();
        groups.MapPost("/{targetGroupId}/deregister-targets", DeregisterAsync).WithName("DeregisterTargets").WithSummary("Take targets out").Produces<TargetGroupShape>();
        groups.MapGet("/{targetGroupId}/target-health", HealthAsync).WithName("ListTargetHealth").WithSummary("The targets' health").Produces<ItemList<TargetHealthShape>>();
        groups.MapDelete("/{targetGroupId}", DeleteAsync).WithName("DeleteTargetGroup").WithSummary("Delete a target group no listener forwards to").Produces(204);
    }

    private static async Task<IResult> CreateAsync(CreateTargetGroupBody body, Caller caller, HttpContext http, Api api, VpcQueries vpcs, Platform.Settings settings, TimeProvider time)
    {
        if (await vpcs.VpcAsync(caller.Account, body.VpcId, http.RequestAborted) is not { } vpc) return Problems.From(VpcQueries.VpcNotFound(body.VpcId));
        var id = Ids.NewArnTail();
        var arn = settings.Platform.Naming.TargetGroupArn(vpc.RegionId, caller.Account, body.Name, id);
        var check = Check(body.HealthCheck);
        return await api.HandleAsync<TargetGroup>(http, id, nameof(CreateTargetGroup),
            group => Task.FromResult(TargetGroupDecider.Create(group, new CreateTargetGroup(id, arn, caller.Account, vpc, body.Name, body.Port, check, settings.HealthChecks.FastestIntervalSeconds, time.GetUtcNow()))), Shape, 201);
    }

    private static async Task<IResult> RegisterAsync(string targetGroupId, TargetsBody body, Caller caller, HttpContext http, Api api, VpcQueries vpcs, TenantDirectory directory, TimeProvider time) =>
        await api.HandleAsync<TargetGroup>(http, targetGroupId, nameof(RegisterTargets), async group =>
        {
            if (group is not { Deleted: false }) return NotFound(targetGroupId);
            var vpc = (await vpcs.VpcAsync(caller.Account, group.VpcId, http.RequestAborted))!;
            var zones = await directory.ZonesAsync(caller.Account, vpc.RegionId, http.RequestAborted);
            return TargetGroupDecider.Register(group, new RegisterTargets(vpc, [.. body.Targets.Select(t => new TargetWish(t.Address, t.Port, zones.Id(t.AvailabilityZone), t.AvailabilityZone))], time.GetUtcNow()));
        }, Shape);

    private static Task<IResult> DeregisterAsync(string targetGroupId, TargetsBody body, HttpContext http, Api api, TimeProvider time) =>
        api.HandleAsync<TargetGroup>(http, targetGroupId, nameof(DeregisterTargets), group => Task.FromResult(group is not { Deleted: false } ? NotFound(targetGroupId)
            : TargetGroupDecider.Deregister(group, new DeregisterTargets([.. body.Targets.Select(t => new TargetWish(t.Address, t.Port, null))], time.GetUtcNow()))), Shape);

    private static Task<IResult> DeleteAsync(string targetGroupId, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<TargetGroup>(http, targetGroupId, nameof(DeleteTargetGroup), group => Task.FromResult(group is null ? NotFound(targetGroupId) : TargetGroupDecider.Delete(group, new DeleteTargetGroup(time.GetUtcNow()))));

    private static async Task<IResult> ListAsync(Caller caller, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return Api.Items((await session.Query<TargetGroup>().Where(g => !g.Deleted).OrderBy(g => g.Id).ToListAsync(ct)).Select(Shape));
    }

    private static async Task<IResult> GetAsync(string targetGroupId, Caller caller, IDocumentStore store, CancellationToken ct) =>
        await LoadAsync(targetGroupId, caller, store, ct) is { } group ? Api.Item(Shape(group)) : Problems.From(NotFound(targetGroupId));

    private static async Task<IResult> HealthAsync(string targetGroupId, Caller caller, IDocumentStore store, NpgsqlDataSource database, TimeProvider time, CancellationToken ct)
    {
        if (await LoadAsync(targetGroupId, caller, store, ct) is not { } group) return Problems.From(NotFound(targetGroupId));
        // Each zone's agents look for themselves; a target is shown as its own zone sees it. What nobody looks at any more is not known.
        await using var command = database.CreateCommand("""
            select zone, address, port, case when seen then state else 'unavailable' end, case when seen then reason else 'Elb.InternalError' end
            from app.target_health h, lateral (select exists (select from app.agent_lease l where l.zone = h.zone and l.expires_at > $2) as seen) as zone_is_watched where target_group = $1
            """);
        command.Parameters.Add(new() { Value = PlanKeys.TargetGroup(group.Id) });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        var seen = new Dictionary<(string, string, int), (string, string?)>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) seen[(reader.GetString(0), reader.GetString(1), reader.GetInt32(2))] = (reader.GetString(3), await reader.IsDBNullAsync(4, ct) ? null : reader.GetString(4));
        return Api.Items(group.Targets.Select(t => seen.TryGetValue((t.ZoneId, t.Address, t.Port), out var s) ? new TargetHealthShape(t.Address, t.Port, t.ZoneId, s.Item1, s.Item2)
            : new TargetHealthShape(t.Address, t.Port, t.ZoneId, "unused", "Target.NotInUse")));
    }

    private static async Task<TargetGroup?> LoadAsync(string targetGroupId, Caller caller, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return await session.LoadAsync<TargetGroup>(targetGroupId, ct) is { Deleted: false } group ? group : null;
    }

    private static Settings Check(HealthCheckBody? body)
    {
        var standard = new Settings();
        return new Settings(body?.IntervalSeconds ?? standard.IntervalSeconds, body?.TimeoutSeconds ?? Math.Min(standard.TimeoutSeconds, body?.IntervalSeconds ?? standard.TimeoutSeconds),
            body?.HealthyThreshold ?? standard.HealthyThreshold, body?.UnhealthyThreshold ?? standard.UnhealthyThreshold);
    }

    private static Rejection NotFound(string id) => Rejection.NotFound("TargetGroupNotFound", "target group", id);
    private static TargetGroupShape Shape(TargetGroup g) => new(g.Id, g.Arn, g.Name, g.VpcId, g.Port, g.HealthCheck, g.Targets);
}
