using Marten;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.ControlPlane.InterfaceEndpoints;

/// <summary>Network interfaces of endpoints and load balancer nodes: visible to the owner of the VPC, changed only through what they belong to (S-15).</summary>
public static class NetworkInterfaceRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var interfaces = routes.MapGroup("/v1/network-interfaces").ForTenants("network interfaces");
        interfaces.MapGet("/", async (Caller caller, CrossTenant crossTenant, IDocumentStore store, CancellationToken ct) => Api.Items(await AllAsync(caller, crossTenant, store, ct)))
            .WithName("ListNetworkInterfaces").WithSummary("The interfaces in the account's VPCs").Produces<ItemList<NetworkInterfaceShape>>();
        interfaces.MapGet("/{networkInterfaceId}", GetAsync).WithName("GetNetworkInterface").WithSummary("One interface").Produces<NetworkInterfaceShape>();
        interfaces.MapPatch("/{networkInterfaceId}", RefuseAsync).WithName("ModifyNetworkInterface").WithSummary("Always refused: the interfaces are managed by what they belong to").ProducesProblem(403);
        interfaces.MapDelete("/{networkInterfaceId}", RefuseAsync).WithName("DeleteNetworkInterface").WithSummary("Always refused: the interfaces are managed by what they belong to").ProducesProblem(403);
    }

    private static async Task<IResult> GetAsync(string networkInterfaceId, Caller caller, CrossTenant crossTenant, IDocumentStore store, CancellationToken ct) =>
        (await AllAsync(caller, crossTenant, store, ct)).FirstOrDefault(i => i.Id == networkInterfaceId) is { } found ? Api.Item(found) : Problems.From(NotFound(networkInterfaceId));

    private static async Task<IResult> RefuseAsync(string networkInterfaceId, Caller caller, CrossTenant crossTenant, IDocumentStore store, CancellationToken ct) =>
        (await AllAsync(caller, crossTenant, store, ct)).FirstOrDefault(i => i.Id == networkInterfaceId) is { } found
            ? Problems.From(new Rejection(RejectionKind.Forbidden, "OperationNotPermitted", $"{networkInterfaceId} is managed by the platform ({found.Description}). Delete or modify what it belongs to."))
            : Problems.From(NotFound(networkInterfaceId));

    private static async Task<IReadOnlyList<NetworkInterfaceShape>> AllAsync(Caller caller, CrossTenant crossTenant, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        var nodes = await session.Query<LoadBalancer>().Where(l => !l.Deleted).ToListAsync(ct);
        var endpoints = await crossTenant.EndpointsOfConsumerAsync(caller.Account, ct);
        return [.. endpoints.SelectMany(NetworkInterfaceShape.Of), .. nodes.SelectMany(NetworkInterfaceShape.Of)];
    }

    private static Rejection NotFound(string networkInterfaceId) => Rejection.NotFound("InvalidNetworkInterfaceID.NotFound", "network interface", networkInterfaceId);
}
