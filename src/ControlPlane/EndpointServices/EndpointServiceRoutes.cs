using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.ControlPlane.EndpointServices;

/// <summary>Endpoint services over HTTP: the provider's side, and the catalogue consumers see.</summary>
public static class EndpointServiceRoutes
{
    public sealed record CreateEndpointServiceBody(IReadOnlyList<string> LoadBalancerArns, bool? AcceptanceRequired, string? PrivateDnsName);
    public sealed record ModifyEndpointServiceBody(bool? AcceptanceRequired, IReadOnlyList<string>? LoadBalancerArns, string? PrivateDnsName);
    public sealed record AllowedPrincipalsBody(IReadOnlyList<string>? Add, IReadOnlyList<string>? Remove);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/v1/endpoint-services").ForTenants("endpoint services");
        services.MapPost("/", CreateAsync).WithSummary("Offer load balancers as an endpoint service").Produces<EndpointServiceShape>(201);
        services.MapGet("/", ListAsync).WithSummary("The account's own services").Produces<ItemList<EndpointServiceShape>>();
        services.MapGet("/available", AvailableAsync).WithSummary("Services this account may use").Produces<ItemList<AvailableServiceShape>>();
        services.MapGet("/{id}", GetAsync).WithSummary("One of the account's services").Produces<EndpointServiceShape>();
        services.MapPatch("/{id}", ModifyAsync).WithSummary("Modify a service").Produces<EndpointServiceShape>();
        services.MapDelete("/{id}", DeleteAsync).WithSummary("Delete a service without endpoints").Produces(204);
        services.MapGet("/{id}/allowed-principals", PrincipalsAsync).WithSummary("Who may connect").Produces<ItemList<PrincipalShape>>();
        services.MapPost("/{id}/allowed-principals", ModifyPermissionsAsync).WithSummary("Allow and remove principals").Produces<EndpointServiceShape>();
        routes.MapGroup("/v1/endpoint-services/{id}").ForPlatformOperators("endpoint services")
            .MapPost("/confirm-private-dns-name", ConfirmAsync).WithSummary("Vouch for the provider's ownership of the private DNS name").Produces<EndpointServiceShape>();
    }

    private static async Task<IResult> CreateAsync(CreateEndpointServiceBody body, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, PlatformSettings settings, TimeProvider time)
    {
        var id = Ids.New("vpce-svc");
        return await api.HandleAsync<EndpointService>(http, id, nameof(CreateEndpointService), async service =>
        {
            var (loadBalancers, missing) = await OwnLoadBalancersAsync(caller.Account, body.LoadBalancerArns, crossTenant, http.RequestAborted);
            return missing is not null ? missing
                : EndpointServiceDecider.Decide(service, new CreateEndpointService(id, settings.Naming.ServiceName(settings.Region, id), caller.Account, settings.Region, loadBalancers, body.AcceptanceRequired ?? true, body.PrivateDnsName, time.GetUtcNow()));
        }, EndpointServiceShape.Of, 201);
    }

    private static async Task<IResult> ModifyAsync(string id, ModifyEndpointServiceBody body, Caller caller, HttpContext http, Api api, CrossTenant crossTenant, TimeProvider time) =>
        await api.HandleAsync<EndpointService>(http, id, nameof(ModifyEndpointService), async service =>
        {
            if (service is not { Deleted: false }) return NotFound(id);
            var (loadBalancers, missing) = await OwnLoadBalancersAsync(caller.Account, body.LoadBalancerArns ?? [], crossTenant, http.RequestAborted);
            if (missing is not null) return missing;
            var pinned = (await crossTenant.EndpointsOfProviderAsync(caller.Account, id, http.RequestAborted)).Where(e => e.InPlan).SelectMany(e => e.Pins.Values).ToHashSet();
            return EndpointServiceDecider.Decide(service, new ModifyEndpointService(body.AcceptanceRequired, body.LoadBalancerArns is null ? null : loadBalancers, body.PrivateDnsName,
                [.. service.LoadBalancerArns.Where(a => pinned.Contains(CrossTenant.IdOfArn(a)))], time.GetUtcNow()));
        }, EndpointServiceShape.Of);

    private static Task<IResult> ModifyPermissionsAsync(string id, AllowedPrincipalsBody body, HttpContext http, Api api, PlatformSettings settings, TimeProvider time) =>
        api.HandleAsync<EndpointService>(http, id, nameof(ModifyEndpointServicePermissions), service => Task.FromResult(service is not { Deleted: false } ? NotFound(id)
            : EndpointServiceDecider.Decide(service, new ModifyEndpointServicePermissions(body.Add ?? [], body.Remove ?? [], settings.Naming, time.GetUtcNow()))), EndpointServiceShape.Of);

    private static Task<IResult> DeleteAsync(string id, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<EndpointService>(http, id, nameof(DeleteEndpointService), service => Task.FromResult(service is not { Deleted: false } ? NotFound(id) : EndpointServiceDecider.Decide(service, new DeleteEndpointService(time.GetUtcNow()))));

    private static async Task<IResult> ConfirmAsync(string id, HttpContext http, Api api, CrossTenant crossTenant, TimeProvider time) =>
        await crossTenant.ServiceByIdAsync(id, http.RequestAborted) is not { } found ? Problems.From(NotFound(id))
            : await api.HandleAsync<EndpointService>(http, id, nameof(ConfirmPrivateDnsName), service => Task.FromResult(service is not { Deleted: false } ? NotFound(id)
                : EndpointServiceDecider.Decide(service, new ConfirmPrivateDnsName("platform-operator", time.GetUtcNow()))), EndpointServiceShape.Of, tenant: found.Account);

    private static async Task<IResult> ListAsync(Caller caller, EndpointServiceQueries queries, CancellationToken ct) => Api.Items((await queries.OwnAsync(caller.Account, ct)).Select(EndpointServiceShape.Of));
    private static async Task<IResult> AvailableAsync(Caller caller, EndpointServiceQueries queries, CancellationToken ct) => Api.Items(await queries.AvailableAsync(caller, ct));

    private static async Task<IResult> GetAsync(string id, Caller caller, EndpointServiceQueries queries, CancellationToken ct) =>
        await queries.OwnAsync(caller.Account, id, ct) is { } service ? Api.Item(EndpointServiceShape.Of(service)) : Problems.From(NotFound(id));

    private static async Task<IResult> PrincipalsAsync(string id, Caller caller, EndpointServiceQueries queries, CancellationToken ct) =>
        await queries.OwnAsync(caller.Account, id, ct) is { } service ? Api.Items(service.AllowedPrincipals.Select(p => new PrincipalShape(TypeOf(p), p))) : Problems.From(NotFound(id));

    private static async Task<(IReadOnlyList<LoadBalancer>, Rejection?)> OwnLoadBalancersAsync(string account, IReadOnlyList<string> arns, CrossTenant crossTenant, CancellationToken ct)
    {
        var found = (await crossTenant.LoadBalancersAsync(account, arns, ct)).Where(l => !l.Deleted).ToList();
        var missing = arns.FirstOrDefault(a => found.All(l => l.Arn != a));
        return (found, missing is null ? null : Rejection.NotFound("LoadBalancerNotFound", "load balancer", missing));
    }

    private static string TypeOf(string principal) => principal == "*" ? "All" : principal.EndsWith(":root", StringComparison.Ordinal) ? "Account" : principal.Contains(":user/", StringComparison.Ordinal) ? "User" : "Role";
    private static Rejection NotFound(string id) => Rejection.NotFound("InvalidVpcEndpointServiceId.NotFound", "endpoint service", id);
}
