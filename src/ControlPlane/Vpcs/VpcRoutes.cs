using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Vpcs;

/// <summary>VPCs and subnets over HTTP.</summary>
public static class VpcRoutes
{
    public sealed record CreateVpcBody(string Cidr, string? Region);
    public sealed record ModifyVpcBody(bool? EnableDnsSupport, bool? EnableDnsHostnames);
    public sealed record CreateSubnetBody(string VpcId, string Cidr, string AvailabilityZone);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var vpcs = routes.MapGroup("/v1/vpcs").ForTenants("vpcs");
        vpcs.MapPost("/", CreateAsync).WithSummary("Create a VPC").Produces<VpcShape>(201);
        vpcs.MapGet("/", ListAsync).WithSummary("The account's VPCs").Produces<ItemList<VpcShape>>();
        vpcs.MapGet("/{id}", GetAsync).WithSummary("One VPC").Produces<VpcShape>();
        vpcs.MapPatch("/{id}", ModifyAsync).WithSummary("Set the VPC's DNS attributes").Produces<VpcShape>();
        vpcs.MapDelete("/{id}", DeleteAsync).WithSummary("Delete a VPC that has no subnets").Produces(204);
        var subnets = routes.MapGroup("/v1/subnets").ForTenants("subnets");
        subnets.MapPost("/", CreateSubnetAsync).WithSummary("Create a subnet in one zone").Produces<SubnetShape>(201);
        subnets.MapGet("/", ListSubnetsAsync).WithSummary("The account's subnets").Produces<ItemList<SubnetShape>>();
        subnets.MapGet("/{id}", GetSubnetAsync).WithSummary("One subnet").Produces<SubnetShape>();
        subnets.MapDelete("/{id}", DeleteSubnetAsync).WithSummary("Delete a subnet that holds no interfaces").Produces(204);
    }

    private static async Task<IResult> CreateAsync(CreateVpcBody body, Caller caller, HttpContext http, Api api, TenantDirectory directory, PlatformSettings settings, TimeProvider time)
    {
        var region = body.Region ?? settings.Region;
        if (await directory.RegionAsync(region, http.RequestAborted) is null) return Problems.From(Rejection.NotFound("InvalidRegion.NotFound", "region", region));
        var id = Ids.New("vpc");
        return await api.HandleAsync<Vpc>(http, id, nameof(CreateVpc), vpc => Task.FromResult(VpcDecider.Create(vpc, new CreateVpc(id, caller.Account, region, body.Cidr, time.GetUtcNow()))), VpcShape.Of, 201);
    }

    private static async Task<IResult> ListAsync(Caller caller, VpcQueries queries, CancellationToken ct) => Api.Items((await queries.VpcsAsync(caller.Account, ct)).Select(VpcShape.Of));

    private static async Task<IResult> GetAsync(string id, Caller caller, VpcQueries queries, CancellationToken ct) =>
        await queries.VpcAsync(caller.Account, id, ct) is { } vpc ? Api.Item(VpcShape.Of(vpc)) : Problems.From(VpcQueries.VpcNotFound(id));

    private static Task<IResult> ModifyAsync(string id, ModifyVpcBody body, HttpContext http, Api api, TimeProvider time) =>
        api.HandleAsync<Vpc>(http, id, nameof(SetVpcDnsAttributes), vpc => Task.FromResult(vpc is not { Deleted: false } ? VpcQueries.VpcNotFound(id)
            : VpcDecider.SetDnsAttributes(vpc, new SetVpcDnsAttributes(body.EnableDnsSupport, body.EnableDnsHostnames, time.GetUtcNow()))), VpcShape.Of);

    private static Task<IResult> DeleteAsync(string id, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<Vpc>(http, id, nameof(DeleteVpc), vpc => Task.FromResult(vpc is not { Deleted: false } ? VpcQueries.VpcNotFound(id) : VpcDecider.Delete(vpc, new DeleteVpc(time.GetUtcNow()))));

    private static async Task<IResult> CreateSubnetAsync(CreateSubnetBody body, Caller caller, HttpContext http, Api api, VpcQueries queries, TenantDirectory directory, TimeProvider time)
    {
        if (await queries.VpcAsync(caller.Account, body.VpcId, http.RequestAborted) is not { } found) return Problems.From(VpcQueries.VpcNotFound(body.VpcId));
        var zones = await directory.ZonesAsync(caller.Account, found.RegionId, http.RequestAborted);
        var id = Ids.New("subnet");
        return await api.HandleAsync<Vpc>(http, body.VpcId, nameof(CreateSubnet), vpc => Task.FromResult(vpc is not { Deleted: false } ? VpcQueries.VpcNotFound(body.VpcId)
            : VpcDecider.CreateSubnet(vpc, new CreateSubnet(id, body.Cidr, body.AvailabilityZone, zones.Id(body.AvailabilityZone), time.GetUtcNow()))),
            vpc => SubnetShape.Of(vpc, vpc.Subnets.Single(s => s.Id == id), zones), 201);
    }

    private static async Task<IResult> ListSubnetsAsync(Caller caller, VpcQueries queries, TenantDirectory directory, CancellationToken ct)
    {
        var shapes = new List<SubnetShape>();
        foreach (var region in (await queries.VpcsAsync(caller.Account, ct)).GroupBy(v => v.RegionId))
        {
            var zones = await directory.ZonesAsync(caller.Account, region.Key, ct);
            shapes.AddRange(from vpc in region from subnet in vpc.Subnets select SubnetShape.Of(vpc, subnet, zones));
        }
        return Api.Items(shapes);
    }

    private static async Task<IResult> GetSubnetAsync(string id, Caller caller, VpcQueries queries, TenantDirectory directory, CancellationToken ct) =>
        await queries.VpcOfSubnetAsync(caller.Account, id, ct) is { } vpc
            ? Api.Item(SubnetShape.Of(vpc, vpc.Subnets.Single(s => s.Id == id), await directory.ZonesAsync(caller.Account, vpc.RegionId, ct)))
            : Problems.From(VpcQueries.SubnetNotFound(id));

    private static async Task<IResult> DeleteSubnetAsync(string id, Caller caller, HttpContext http, Api api, VpcQueries queries, TimeProvider time) =>
        await queries.VpcOfSubnetAsync(caller.Account, id, http.RequestAborted) is not { } found ? Problems.From(VpcQueries.SubnetNotFound(id))
            : await api.DeleteAsync<Vpc>(http, found.Id, nameof(DeleteSubnet), vpc => Task.FromResult(VpcDecider.DeleteSubnet(vpc!, new DeleteSubnet(id, time.GetUtcNow()))));
}
