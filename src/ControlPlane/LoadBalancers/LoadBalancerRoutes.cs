using Marten;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.ControlPlane.Vpcs;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;

namespace PrivateLinkCloud.ControlPlane.LoadBalancers;

/// <summary>Network load balancers and their listeners over HTTP.</summary>
public static class LoadBalancerRoutes
{
    public sealed record CreateLoadBalancerBody(string Name, IReadOnlyList<string> SubnetIds, bool? CrossZone = null);
    public sealed record ModifyLoadBalancerBody(bool CrossZone);

    /// <param name="TcpIdleTimeoutSeconds">60–6000, default 350.</param>
    public sealed record CreateListenerBody(int Port, string TargetGroupArn, int? TcpIdleTimeoutSeconds = null);
    public sealed record NodeShape(string AvailabilityZone, string ZoneId, string SubnetId, string NetworkInterfaceId, string Address);
    public sealed record ListenerShape(int Port, string TargetGroupArn, int TcpIdleTimeoutSeconds);
    public sealed record LoadBalancerShape(string Id, string Arn, string Name, string VpcId, bool CrossZone, IReadOnlyList<NodeShape> Nodes, IReadOnlyList<ListenerShape> Listeners);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/load-balancers").ForTenants("load balancers");
        group.MapPost("/", CreateAsync).WithName("CreateLoadBalancer").WithSummary("Create a network load balancer, one node per subnet").Produces<LoadBalancerShape>(201);
        group.MapGet("/", ListAsync).WithName("ListLoadBalancers").WithSummary("The account's load balancers").Produces<ItemList<LoadBalancerShape>>();
        group.MapGet("/{loadBalancerId}", GetAsync).WithName("GetLoadBalancer").WithSummary("One load balancer").Produces<LoadBalancerShape>();
        group.MapPatch("/{loadBalancerId}", ModifyAsync).WithName("ModifyLoadBalancer").WithSummary("Switch cross-zone load balancing").Produces<LoadBalancerShape>();
        group.MapDelete("/{loadBalancerId}", DeleteAsync).WithName("DeleteLoadBalancer").WithSummary("Delete a load balancer no service uses").Produces(204);
        group.MapPost("/{loadBalancerId}/listeners", CreateListenerAsync).WithName("CreateListener").WithSummary("Listen on a port").Produces<LoadBalancerShape>(201);
        group.MapDelete("/{loadBalancerId}/listeners/{port:int}", DeleteListenerAsync).WithName("DeleteListener").WithSummary("Stop listening on a port").Produces(204);
    }

    private static async Task<IResult> CreateAsync(CreateLoadBalancerBody body, Caller caller, HttpContext http, Api api, VpcQueries vpcs, TenantDirectory directory, PlatformSettings settings, TimeProvider time)
    {
        if (body.SubnetIds is not [var first, ..]) return Problems.From(Rejection.Invalid("InvalidSubnet", "Name at least one subnet."));
        if (await vpcs.VpcOfSubnetAsync(caller.Account, first, http.RequestAborted) is not { } vpc) return Problems.From(VpcQueries.SubnetNotFound(first));
        if (body.SubnetIds.FirstOrDefault(id => vpc.Subnets.All(s => s.Id != id)) is { } stranger) return Problems.From(VpcQueries.SubnetNotFound(stranger));
        var id = Ids.NewArnTail();
        var arn = settings.Naming.LoadBalancerArn(vpc.RegionId, caller.Account, body.Name, id);
        var zones = await directory.ZonesAsync(caller.Account, http.RequestAborted);
        var again = false;
        return await api.HandleAsync<LoadBalancer>(http, id, nameof(CreateLoadBalancer), async lb =>
        {
            var nodes = new List<LoadBalancerNode>();
            foreach (var subnet in body.SubnetIds.Distinct().Select(s => vpc.Subnets.Single(x => x.Id == s)))
            {
                if (await vpcs.FreeAddressAsync(subnet, again, http.RequestAborted) is not { } address) return VpcQueries.SubnetExhausted(subnet.Id);
                nodes.Add(new LoadBalancerNode(subnet.ZoneId, subnet.Id, Ids.New("eni"), address));
            }
            again = true;
            return LoadBalancerDecider.Create(lb, new CreateLoadBalancer(id, arn, caller.Account, vpc, body.Name, body.CrossZone ?? false, nodes, time.GetUtcNow()));
        }, lb => Shape(lb, zones), 201);
    }

    private static async Task<IResult> CreateListenerAsync(string loadBalancerId, CreateListenerBody body, Caller caller, HttpContext http, Api api, IDocumentStore store, TenantDirectory directory, TimeProvider time)
    {
        var zones = await directory.ZonesAsync(caller.Account, http.RequestAborted);
        return await api.HandleAsync<LoadBalancer>(http, loadBalancerId, nameof(CreateListener), async lb =>
        {
            if (lb is not { Deleted: false }) return NotFound(loadBalancerId);
            await using var session = store.QuerySession(caller.Account);
            return await session.LoadAsync<TargetGroup>(Names.IdOfArn(body.TargetGroupArn), http.RequestAborted) is { Deleted: false } group && group.Arn == body.TargetGroupArn
                ? LoadBalancerDecider.CreateListener(lb, new CreateListener(body.Port, group, body.TcpIdleTimeoutSeconds ?? 350, time.GetUtcNow()))
                : Rejection.NotFound("TargetGroupNotFound", "target group", body.TargetGroupArn);
        }, lb => Shape(lb, zones), 201);
    }

    private static Task<IResult> DeleteListenerAsync(string loadBalancerId, int port, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<LoadBalancer>(http, loadBalancerId, nameof(DeleteListener), lb => Task.FromResult(lb is not { Deleted: false } ? NotFound(loadBalancerId) : LoadBalancerDecider.DeleteListener(lb, new DeleteListener(port, time.GetUtcNow()))));

    private static async Task<IResult> ModifyAsync(string loadBalancerId, ModifyLoadBalancerBody body, Caller caller, HttpContext http, Api api, TenantDirectory directory, TimeProvider time)
    {
        var zones = await directory.ZonesAsync(caller.Account, http.RequestAborted);
        return await api.HandleAsync<LoadBalancer>(http, loadBalancerId, nameof(SetCrossZone), lb => Task.FromResult(lb is not { Deleted: false } ? NotFound(loadBalancerId) : LoadBalancerDecider.SetCrossZone(lb, new SetCrossZone(body.CrossZone, time.GetUtcNow()))), lb => Shape(lb, zones));
    }

    private static Task<IResult> DeleteAsync(string loadBalancerId, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<LoadBalancer>(http, loadBalancerId, nameof(DeleteLoadBalancer), lb => Task.FromResult(lb is null ? NotFound(loadBalancerId) : LoadBalancerDecider.Delete(lb, new DeleteLoadBalancer(time.GetUtcNow()))));

    private static async Task<IResult> ListAsync(Caller caller, IDocumentStore store, TenantDirectory directory, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        var zones = await directory.ZonesAsync(caller.Account, ct);
        return Api.Items((await session.Query<LoadBalancer>().Where(l => !l.Deleted).OrderBy(l => l.Id).ToListAsync(ct)).Select(l => Shape(l, zones)));
    }

    private static async Task<IResult> GetAsync(string loadBalancerId, Caller caller, IDocumentStore store, TenantDirectory directory, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return await session.LoadAsync<LoadBalancer>(loadBalancerId, ct) is { Deleted: false } lb ? Api.Item(Shape(lb, await directory.ZonesAsync(caller.Account, ct))) : Problems.From(NotFound(loadBalancerId));
    }

    private static Rejection NotFound(string id) => Rejection.NotFound("LoadBalancerNotFound", "load balancer", id);

    private static LoadBalancerShape Shape(LoadBalancer lb, ZoneNames zones) => new(lb.Id, lb.Arn, lb.Name, lb.VpcId, lb.CrossZone,
        [.. lb.Nodes.Select(n => new NodeShape(zones.Name(n.ZoneId), n.ZoneId, n.SubnetId, n.NetworkInterfaceId, n.Address))],
        [.. lb.Listeners.Select(l => new ListenerShape(l.Port, l.TargetGroupArn, l.IdleTimeoutSeconds))]);
}
