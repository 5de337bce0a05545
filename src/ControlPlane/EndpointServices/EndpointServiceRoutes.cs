using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.ControlPlane.EndpointServices;

/// <summary>Endpoint services over HTTP: the provider's side, and the catalogue consumers see.</summary>
public static class EndpointServiceRoutes
{
    public sealed record CreateEndpointServiceBody(IReadOnlyList<string> LoadBalancerArns, bool? AcceptanceRequired = null, string? PrivateDnsName = null);
    public sealed record ModifyEndpointServiceBody(bool? AcceptanceRequired = null, IReadOnlyList<string>? LoadBalancerArns = null, string? PrivateDnsName = null);
    public sealed record ConfirmPrivateDnsNameBody(string PrivateDnsName);
    public sealed record AllowedPrincipalsBody(IReadOnlyList<string>? Add = null, IReadOnlyList<string>? Remove = null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/v1/endpoint-services").ForTenants("endpoint services");
        services.MapPost("/", CreateAsync).WithName("CreateEndpointService").WithSummary("Offer load balancers as an endpoint service").Produces<EndpointServiceShape>(201);
        services.MapGet("/", ListAsync).WithName("ListEndpointServices").WithSummary("The account's own services").Produces<ItemList<EndpointServiceShape>>();
        services.MapGet("/available", AvailableAsync).WithName("ListAvailableEndpointServices").WithSummary("Services this account may use").Produces<ItemList<AvailableServiceShape>>();
        services.MapGet("/{serviceId}", GetAsync).WithName("GetEndpointService").WithSummary("One of the account's services").Produces<EndpointServiceShape>();
        services.MapPatch("/{serviceId}", ModifyAsync).WithName("ModifyEndpointService").WithSummary("Modify a service").Produces<EndpointServiceShape>();
        services.MapDelete("/{serviceId}", DeleteAsync).WithName("DeleteEndpointService").WithSummary("Delete a service without endpoints").Produces(204);
        services.MapGet("/{serviceId}/allowed-principals", PrincipalsAsync).WithName("ListAllowedPrincipals").WithSummary("Who may connect").Produces<ItemList<PrincipalShape>>();
        services.MapPost("/{serviceId}/allowed-principals", ModifyPermissionsAsync).WithName("ModifyAllowedPrincipals").WithSummary("Allow and remove principals").Produces<EndpointServiceShape>();
        routes.MapGroup("/v1/endpoint-services/{serviceId}").ForPlatformOperators("endpoint services")
            .MapPost("/confirm-private-dns-name", ConfirmAsync).WithName("ConfirmPrivateDnsName").WithSummary("Vouch for the provider's ownership of the private DNS name").Produces<EndpointServiceShape>();
    }

    private static async Task<IResult> CreateAsync(CreateEndpointServiceBody body, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, PlatformSettings settings, TimeProvider time)
    {
        var serviceId = Ids.New("vpce-svc");
        return await api.HandleAsync<EndpointService>(http, serviceId, nameof(CreateEndpointService), async service =>
        {
            var (loadBalancers, missing) = await OwnLoadBalancersAsync(caller.Account, body.LoadBalancerArns, crossTenant, http.RequestAborted);
            if (missing is not null) return missing;
            var region = loadBalancers.Count > 0 ? Names.RegionOfArn(loadBalancers[0].Arn) : settings.Region;
            return EndpointServiceDecider.Decide(service, new CreateEndpointService(serviceId, settings.Naming.ServiceName(region, serviceId), caller.Account, region, loadBalancers,
                body.AcceptanceRequired ?? true, body.PrivateDnsName, settings.Naming, time.GetUtcNow()));
        }, EndpointServiceShape.Of, 201);
    }

    private static async Task<IResult> ModifyAsync(string serviceId, ModifyEndpointServiceBody body, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, PlatformSettings settings, TimeProvider time) =>
        await api.HandleAsync<EndpointService>(http, serviceId, nameof(ModifyEndpointService), async service =>
        {
            if (service is not { Deleted: false }) return NotFound(serviceId);
            var (loadBalancers, missing) = await OwnLoadBalancersAsync(caller.Account, body.LoadBalancerArns ?? [], crossTenant, http.RequestAborted);
            return missing is not null ? missing
                : EndpointServiceDecider.Decide(service, new ModifyEndpointService(body.AcceptanceRequired, body.LoadBalancerArns is null ? null : loadBalancers, body.PrivateDnsName, settings.Naming, time.GetUtcNow()));
        }, EndpointServiceShape.Of);

    private static Task<IResult> ModifyPermissionsAsync(string serviceId, AllowedPrincipalsBody body, HttpContext http, Api api, PlatformSettings settings, TimeProvider time) =>
        api.HandleAsync<EndpointService>(http, serviceId, nameof(ModifyEndpointServicePermissions), service => Task.FromResult(service is not { Deleted: false } ? NotFound(serviceId)
            : EndpointServiceDecider.Decide(service, new ModifyEndpointServicePermissions(body.Add ?? [], body.Remove ?? [], settings.Naming, time.GetUtcNow()))), EndpointServiceShape.Of);

    private static Task<IResult> DeleteAsync(string serviceId, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<EndpointService>(http, serviceId, nameof(DeleteEndpointService), service => Task.FromResult(service is null ? NotFound(serviceId) : EndpointServiceDecider.Decide(service, new DeleteEndpointService(time.GetUtcNow()))));

    private static async Task<IResult> ConfirmAsync(string serviceId, ConfirmPrivateDnsNameBody body, HttpContext http, Api api, CrossTenant crossTenant, TimeProvider time) =>
        await crossTenant.ServiceByIdAsync(serviceId, http.RequestAborted) is not { } found ? Problems.From(NotFound(serviceId))
            : await api.HandleAsync<EndpointService>(http, serviceId, nameof(ConfirmPrivateDnsName), service => Task.FromResult(service is not { Deleted: false } ? NotFound(serviceId)
                : EndpointServiceDecider.Decide(service, new ConfirmPrivateDnsName(body.PrivateDnsName, "platform-operator", time.GetUtcNow()))), EndpointServiceShape.Of, tenant: found.Account);

    private static async Task<IResult> ListAsync(Caller caller, EndpointServiceQueries queries, CancellationToken ct) => Api.Items((await queries.OwnAsync(caller.Account, ct)).Select(EndpointServiceShape.Of));
    private static async Task<IResult> AvailableAsync(Caller caller, EndpointServiceQueries queries, CancellationToken ct) => Api.Items(await queries.AvailableAsync(caller, ct));

    private static async Task<IResult> GetAsync(string serviceId, Caller caller, EndpointServiceQueries queries, CancellationToken ct) =>
        await queries.OwnAsync(caller.Account, serviceId, ct) is { } service ? Api.Item(EndpointServiceShape.Of(service)) : Problems.From(NotFound(serviceId));

    private static async Task<IResult> PrincipalsAsync(string serviceId, Caller caller, EndpointServiceQueries queries, CancellationToken ct) =>
        await queries.OwnAsync(caller.Account, serviceId, ct) is { } service ? Api.Items(service.AllowedPrincipals.Select(p => new PrincipalShape(TypeOf(p), p))) : Problems.From(NotFound(serviceId));

    private static async Task<(IReadOnlyList<LoadBalancer>, Rejection?)> OwnLoadBalancersAsync(string account, IReadOnlyList<string> arns, CrossTenant crossTenant, CancellationToken ct)
    {
        var found = (await crossTenant.LoadBalancersAsync(account, arns, ct)).Where(l => !l.Deleted).ToList();
        var missing = arns.FirstOrDefault(a => found.All(l => l.Arn != a));
        return (found, missing is null ? null : Rejection.NotFound("LoadBalancerNotFound", "load balancer", missing));
    }

    private static string TypeOf(string principal) => principal == "*" ? "All" : principal.EndsWith(":root", StringComparison.Ordinal) ? "Account" : principal.Contains(":user/", StringComparison.Ordinal) ? "User" : "Role";
    private static Rejection NotFound(string serviceId) => Rejection.NotFound("InvalidVpcEndpointServiceId.NotFound", "endpoint service", serviceId);
}
