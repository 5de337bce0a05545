using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Vpcs;

/// <summary>VPCs and subnets over HTTP.</summary>
public static class VpcRoutes
{
    public sealed record CreateVpcBody(string Cidr, string? Region = null);
    public sealed record ModifyVpcBody(bool? EnableDnsSupport = null, bool? EnableDnsHostnames = null);
    public sealed record CreateSubnetBody(string VpcId, string Cidr, string AvailabilityZone);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var vpcs = routes.MapGroup("/v1/vpcs").ForTenants("vpcs");
        vpcs.MapPost("/", CreateAsync).WithName("CreateVpc").WithSummary("Create a VPC").Produces<VpcShape>(201);
        vpcs.MapGet("/", ListAsync).WithName("ListVpcs").WithSummary("The account's VPCs").Produces<ItemList<VpcShape>>();
        vpcs.MapGet("/{vpcId}", GetAsync).WithName("GetVpc").WithSummary("One VPC").Produces<VpcShape>();
        vpcs.MapPatch("/{vpcId}", ModifyAsync).WithName("ModifyVpc").WithSummary("Set the VPC's DNS attributes").Produces<VpcShape>();
        vpcs.MapDelete("/{vpcId}", DeleteAsync).WithName("DeleteVpc").WithSummary("Delete a VPC that has no subnets").Produces(204);
        var subnets = routes.MapGroup("/v1/subnets").ForTenants("subnets");
        subnets.MapPost("/", CreateSubnetAsync).WithName("CreateSubnet").WithSummary("Create a subnet in one zone").Produces<SubnetShape>(201);
        subnets.MapGet("/", ListSubnetsAsync).WithName("ListSubnets").WithSummary("The account's subnets").Produces<ItemList<SubnetShape>>();
        subnets.MapGet("/{subnetId}", GetSubnetAsync).WithName("GetSubnet").WithSummary("One subnet").Produces<SubnetShape>();
        subnets.MapDelete("/{subnetId}", DeleteSubnetAsync).WithName("DeleteSubnet").WithSummary("Delete a subnet that holds no interfaces").Produces(204);
    }

    private static async Task<IResult> CreateAsync(CreateVpcBody body, Caller caller, HttpContext http, Api api, TenantDirectory directory, PlatformSettings settings, TimeProvider time)
    {
        var region = body.Region ?? settings.Region;
        if (!await directory.IsOpenAsync(region, http.RequestAborted)) return Problems.From(Rejection.NotFound("InvalidRegion.NotFound", "region", region));
        var vpcId = Ids.New("vpc");
        return await api.HandleAsync<Vpc>(http, vpcId, nameof(CreateVpc), vpc => Task.FromResult(VpcDecider.Create(vpc, new CreateVpc(vpcId, caller.Account, region, body.Cidr, time.GetUtcNow()))), VpcShape.Of, 201);
    }

    private static async Task<IResult> ListAsync(Caller caller, VpcQueries queries, CancellationToken ct) => Api.Items((await queries.VpcsAsync(caller.Account, ct)).Select(VpcShape.Of));

    private static async Task<IResult> GetAsync(string vpcId, Caller caller, VpcQueries queries, CancellationToken ct) =>
        await queries.VpcAsync(caller.Account, vpcId, ct) is { } vpc ? Api.Item(VpcShape.Of(vpc)) : Problems.From(VpcQueries.VpcNotFound(vpcId));

    private static Task<IResult> ModifyAsync(string vpcId, ModifyVpcBody body, HttpContext http, Api api, TimeProvider time) =>
        api.HandleAsync<Vpc>(http, vpcId, nameof(SetVpcDnsAttributes), vpc => Task.FromResult(vpc is not { Deleted: false } ? VpcQueries.VpcNotFound(vpcId)
            : VpcDecider.SetDnsAttributes(vpc, new SetVpcDnsAttributes(body.EnableDnsSupport, body.EnableDnsHostnames, time.GetUtcNow()))), VpcShape.Of);

    private static Task<IResult> DeleteAsync(string vpcId, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<Vpc>(http, vpcId, nameof(DeleteVpc), vpc => Task.FromResult(vpc is null ? VpcQueries.VpcNotFound(vpcId) : VpcDecider.Delete(vpc, new DeleteVpc(time.GetUtcNow()))));

    private static async Task<IResult> CreateSubnetAsync(CreateSubnetBody body, Caller caller, HttpContext http, Api api, VpcQueries queries, TenantDirectory directory, TimeProvider time)
    {
        if (await queries.VpcAsync(caller.Account, body.VpcId, http.RequestAborted) is not { } found) return Problems.From(VpcQueries.VpcNotFound(body.VpcId));
        var zones = await directory.ZonesAsync(caller.Account, found.RegionId, http.RequestAborted);
        var subnetId = Ids.New("subnet");
        return await api.HandleAsync<Vpc>(http, body.VpcId, nameof(CreateSubnet), vpc => Task.FromResult(vpc is not { Deleted: false } ? VpcQueries.VpcNotFound(body.VpcId)
            : VpcDecider.CreateSubnet(vpc, new CreateSubnet(subnetId, body.Cidr, body.AvailabilityZone, zones.Id(body.AvailabilityZone), time.GetUtcNow()))),
            vpc => SubnetShape.Of(vpc, vpc.Subnets.Single(s => s.Id == subnetId), zones, taken: 0), 201);
    }

    private static async Task<IResult> ListSubnetsAsync(Caller caller, VpcQueries queries, TenantDirectory directory, CancellationToken ct)
    {
        var vpcs = await queries.VpcsAsync(caller.Account, ct);
        var (zones, taken) = (await directory.ZonesAsync(caller.Account, ct), await queries.TakenAddressesAsync(vpcs.SelectMany(v => v.Subnets), ct));
        return Api.Items(from vpc in vpcs from subnet in vpc.Subnets select SubnetShape.Of(vpc, subnet, zones, taken.GetValueOrDefault(subnet.Id)));
    }

    private static async Task<IResult> GetSubnetAsync(string subnetId, Caller caller, VpcQueries queries, TenantDirectory directory, CancellationToken ct)
    {
        if (await queries.VpcOfSubnetAsync(caller.Account, subnetId, ct) is not { } vpc) return Problems.From(VpcQueries.SubnetNotFound(subnetId));
        var subnet = vpc.Subnets.Single(s => s.Id == subnetId);
        var taken = await queries.TakenAddressesAsync([subnet], ct);
        return Api.Item(SubnetShape.Of(vpc, subnet, await directory.ZonesAsync(caller.Account, vpc.RegionId, ct), taken.GetValueOrDefault(subnetId)));
    }

    private static async Task<IResult> DeleteSubnetAsync(string subnetId, Caller caller, HttpContext http, Api api, VpcQueries queries, TimeProvider time) =>
        await queries.VpcOfSubnetAsync(caller.Account, subnetId, http.RequestAborted) is not { } found ? Problems.From(VpcQueries.SubnetNotFound(subnetId))
            : await api.DeleteAsync<Vpc>(http, found.Id, nameof(DeleteSubnet), vpc => Task.FromResult(VpcDecider.DeleteSubnet(vpc!, new DeleteSubnet(subnetId, time.GetUtcNow()))));
}
