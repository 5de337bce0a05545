using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.ControlPlane.Vpcs;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.ControlPlane.InterfaceEndpoints;

/// <summary>Who asks, and for what? Station 1 of the walk. The consumer's side of an interface endpoint, and the provider's side of the
/// same thing, a connection to its service: HTTP to command and back, nothing else.</summary>
public static class InterfaceEndpointRoutes
{
    public sealed record RequestInterfaceEndpointBody(string VpcId, string ServiceName, IReadOnlyList<string> SubnetIds, bool? PrivateDnsEnabled = null, string? Message = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.MapGroup("/v1/interface-endpoints").ForTenants("interface endpoints");
        endpoints.MapPost("/", RequestAsync).WithName("RequestInterfaceEndpoint").WithSummary("Request an interface endpoint to a service").Produces<InterfaceEndpointShape>(201);
        endpoints.MapGet("/", ListAsync).WithName("ListInterfaceEndpoints").WithSummary("The account's endpoints").Produces<ItemList<InterfaceEndpointShape>>();
        endpoints.MapGet("/{endpointId}", GetAsync).WithName("GetInterfaceEndpoint").WithSummary("One of the account's endpoints").Produces<InterfaceEndpointShape>();
        endpoints.MapDelete("/{endpointId}", DeleteAsync).WithName("DeleteInterfaceEndpoint").WithSummary("Delete an endpoint: names first, then drain").Produces(204);
        endpoints.MapPost("/{endpointId}/enable-private-dns", EnablePrivateDnsAsync).WithName("EnablePrivateDns").WithSummary("Answer with the service's own name inside the VPC").Produces<InterfaceEndpointShape>();
        endpoints.MapPost("/{endpointId}/disable-private-dns", DisablePrivateDnsAsync).WithName("DisablePrivateDns").WithSummary("Stop answering with the service's own name").Produces<InterfaceEndpointShape>();
        var connections = routes.MapGroup("/v1/endpoint-connections").ForTenants("endpoint connections");
        connections.MapGet("/", ConnectionsAsync).WithName("ListEndpointConnections").WithSummary("Endpoints connected, or asking, to the account's services").Produces<ItemList<EndpointConnectionShape>>();
        connections.MapGet("/{endpointId}", ConnectionAsync).WithName("GetEndpointConnection").WithSummary("One of them").Produces<EndpointConnectionShape>();
        connections.MapPost("/{endpointId}/accept", AcceptAsync).WithName("AcceptEndpointConnection").WithSummary("Accept").Produces<EndpointConnectionShape>();
        connections.MapPost("/{endpointId}/reject", RejectAsync).WithName("RejectEndpointConnection").WithSummary("Reject, also after acceptance").Produces<EndpointConnectionShape>();
    }

    // --- consumer ------------------------------------------------------------------------------------------------------------

    private static async Task<IResult> RequestAsync(RequestInterfaceEndpointBody body, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, EndpointDoors doors, VpcQueries vpcs, WalkLog walk, PlatformSettings settings, EndpointTimes times, TimeProvider time)
    {
        if (await vpcs.VpcAsync(caller.Account, body.VpcId, http.RequestAborted) is not { } vpc) return Problems.From(VpcQueries.VpcNotFound(body.VpcId));
        if (body.SubnetIds.FirstOrDefault(id => vpc.Subnets.All(s => s.Id != id)) is { } stranger) return Problems.From(VpcQueries.SubnetNotFound(stranger));
        var (endpointId, suffix) = (Ids.New("vpce"), Ids.NewNameSuffix());
        var again = false;
        walk.Asked(endpointId, nameof(RequestInterfaceEndpoint), caller.Account);
        return await api.HandleAsync<InterfaceEndpoint>(http, endpointId, nameof(RequestInterfaceEndpoint), async endpoint =>
        {
            var service = await OfferedAsync(body.ServiceName, caller, crossTenant, settings, http.RequestAborted);
            if (service is null) return InterfaceEndpointDecider.ServiceNotFound(body.ServiceName);
            var (chosen, exhausted) = await doors.ChooseAsync(vpc, body.SubnetIds, endpointId, suffix, service, again, http.RequestAborted);
            again = true;
            if (exhausted is not null) return exhausted;
            var loadBalancers = await crossTenant.LoadBalancersAsync(service.Account, service.LoadBalancerArns, http.RequestAborted);
            return InterfaceEndpointDecider.Decide(endpoint, new RequestInterfaceEndpoint(endpointId, caller.Account, body.ServiceName, service, loadBalancers, vpc, chosen,
                settings.Naming.RegionalName(endpointId, suffix, service.Id, service.RegionId), body.Message, body.PrivateDnsEnabled ?? false, settings.EndpointsPerVpc, times, time.GetUtcNow()));
        }, InterfaceEndpointShape.Of, 201);
    }

    private static Task<IResult> EnablePrivateDnsAsync(string endpointId, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, VpcQueries vpcs, WalkLog walk, EndpointTimes times, TimeProvider time)
    {
        walk.Asked(endpointId, nameof(EnablePrivateDns), caller.Account);
        return api.HandleAsync<InterfaceEndpoint>(http, endpointId, nameof(EnablePrivateDns), async endpoint =>
        {
            if (endpoint is null || endpoint.Consumer != caller.Account) return AsParty(endpoint, caller, endpointId, new DisablePrivateDns(caller.Account, times, time.GetUtcNow()));
            var vpc = await vpcs.VpcAsync(caller.Account, endpoint.VpcId, http.RequestAborted);
            var service = await crossTenant.ServiceByIdAsync(endpoint.ServiceId, http.RequestAborted);
            return InterfaceEndpointDecider.Decide(endpoint, new EnablePrivateDns(caller.Account, service, vpc!, times, time.GetUtcNow()));
        }, InterfaceEndpointShape.Of);
    }

    private static Task<IResult> DisablePrivateDnsAsync(string endpointId, Caller caller, HttpContext http, Api api, WalkLog walk, EndpointTimes times, TimeProvider time)
    {
        walk.Asked(endpointId, nameof(DisablePrivateDns), caller.Account);
        var command = new DisablePrivateDns(caller.Account, times, time.GetUtcNow());
        return api.HandleAsync<InterfaceEndpoint>(http, endpointId, nameof(DisablePrivateDns), e => Task.FromResult(AsParty(e, caller, endpointId, command)), InterfaceEndpointShape.Of);
    }

    private static Task<IResult> DeleteAsync(string endpointId, Caller caller, HttpContext http, Api api, WalkLog walk, EndpointTimes times, TimeProvider time)
    {
        walk.Asked(endpointId, nameof(DeleteInterfaceEndpoint), caller.Account);
        var command = new DeleteInterfaceEndpoint(caller.Account, times, time.GetUtcNow());
        return api.DeleteAsync<InterfaceEndpoint>(http, endpointId, nameof(DeleteInterfaceEndpoint), e => Task.FromResult(AsParty(e, caller, endpointId, command)));
    }

    private static async Task<IResult> ListAsync(Caller caller, CrossTenant crossTenant, CancellationToken ct) =>
        Api.Items((await crossTenant.EndpointsOfConsumerAsync(caller.Account, ct)).Select(InterfaceEndpointShape.Of));

    private static async Task<IResult> GetAsync(string endpointId, Caller caller, InterfaceEndpointQueries queries, CancellationToken ct) =>
        await queries.OfConsumerAsync(caller.Account, endpointId, ct) is { } endpoint ? Api.Item(InterfaceEndpointShape.Of(endpoint)) : Problems.From(InterfaceEndpointDecider.NotFound(endpointId));

    // --- provider ------------------------------------------------------------------------------------------------------------

    private static Task<IResult> AcceptAsync(string endpointId, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, WalkLog walk, EndpointTimes times, TimeProvider time)
    {
        walk.Asked(endpointId, nameof(AcceptEndpointConnection), caller.Account);
        return api.HandleAsync<InterfaceEndpoint>(http, endpointId, nameof(AcceptEndpointConnection), async endpoint =>
        {
            var loadBalancers = endpoint is { } e && e.Provider == caller.Account && await crossTenant.ServiceByIdAsync(e.ServiceId, http.RequestAborted) is { } service
                ? await crossTenant.LoadBalancersAsync(service.Account, service.LoadBalancerArns, http.RequestAborted) : (IReadOnlyList<LoadBalancer>)[];
            return AsParty(endpoint, caller, endpointId, new AcceptEndpointConnection(caller.Account, loadBalancers, times, time.GetUtcNow()));
        }, EndpointConnectionShape.Of);
    }

    private static Task<IResult> RejectAsync(string endpointId, Caller caller, HttpContext http, Api api, WalkLog walk, TimeProvider time)
    {
        walk.Asked(endpointId, nameof(RejectEndpointConnection), caller.Account);
        var command = new RejectEndpointConnection(caller.Account, time.GetUtcNow());
        return api.HandleAsync<InterfaceEndpoint>(http, endpointId, nameof(RejectEndpointConnection), e => Task.FromResult(AsParty(e, caller, endpointId, command)), EndpointConnectionShape.Of);
    }

    private static async Task<IResult> ConnectionsAsync(string? serviceId, Caller caller, CrossTenant crossTenant, CancellationToken ct) =>
        Api.Items((await crossTenant.EndpointsOfProviderAsync(caller.Account, serviceId, ct)).Select(EndpointConnectionShape.Of));

    private static async Task<IResult> ConnectionAsync(string endpointId, Caller caller, InterfaceEndpointQueries queries, CancellationToken ct) =>
        await queries.OfProviderAsync(caller.Account, endpointId, ct) is { } endpoint ? Api.Item(EndpointConnectionShape.Of(endpoint)) : Problems.From(InterfaceEndpointDecider.NotFound(endpointId));

    // --- both ----------------------------------------------------------------------------------------------------------------

    /// <summary>An id that was never used and one of strangers get the very same refusal; everybody else, the law.</summary>
    private static Decision AsParty(InterfaceEndpoint? endpoint, Caller caller, string endpointId, object command) =>
        endpoint is null || (endpoint.Consumer != caller.Account && endpoint.Provider != caller.Account)
            ? InterfaceEndpointDecider.NotFound(endpointId) : InterfaceEndpointDecider.Decide(endpoint, command);

    private static async Task<EndpointService?> OfferedAsync(string name, Caller caller, CrossTenant crossTenant, PlatformSettings settings, CancellationToken ct) =>
        await crossTenant.ServiceByNameAsync(name, ct) is { } service && service.IsOfferedTo(caller.Account, caller.Arn, settings.Naming) ? service : null;
}
