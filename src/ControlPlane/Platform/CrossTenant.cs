using JasperFx;
using Marten;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>
/// Everything that reads across tenants on behalf of a request or a relay, in one place, so that it can be counted and reviewed (a Tidy
/// test does). Each query says why it must.
/// </summary>
public sealed class CrossTenant(IDocumentStore store)
{
    /// <summary>The event store's name for "no tenant": the endpoint streams, which two tenants reach, are kept there.</summary>
    public const string OfNobody = StorageConstants.DefaultTenantId;

    /// <summary>A consumer names a service of somebody else's. The caller must check <see cref="EndpointService.IsOfferedTo"/> before saying anything about it.</summary>
    public async Task<EndpointService?> ServiceByNameAsync(string name, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<EndpointService>().Where(s => s.AnyTenant() && s.Name == name && !s.Deleted).FirstOrDefaultAsync(ct);
    }

    /// <summary>The platform operator confirms a private name; the id alone does not tell whose service it is.</summary>
    public async Task<EndpointService?> ServiceByIdAsync(string id, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<EndpointService>().Where(s => s.AnyTenant() && s.Id == id && !s.Deleted).FirstOrDefaultAsync(ct);
    }

    /// <summary>The catalogue: services offered to an account. The filter runs here, so that nothing else leaves.</summary>
    public async Task<IReadOnlyList<EndpointService>> ServicesOfferedToAsync(Func<EndpointService, bool> offered, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var all = await session.Query<EndpointService>().Where(s => s.AnyTenant() && !s.Deleted).ToListAsync(ct);
        return [.. all.Where(offered)];
    }

    /// <summary>A service's load balancers live with its provider; an endpoint of another tenant is placed on them.</summary>
    public async Task<IReadOnlyList<LoadBalancer>> LoadBalancersAsync(string provider, IEnumerable<string> arns, CancellationToken ct)
    {
        await using var session = store.QuerySession(provider);
        return await session.LoadManyAsync<LoadBalancer>(ct, arns.Select(Names.IdOfArn).ToArray());
    }

    /// <summary>Endpoints live outside any one tenant: the consumer's list. A deleted one is found by its id and listed no more.</summary>
    public async Task<IReadOnlyList<InterfaceEndpoint>> EndpointsOfConsumerAsync(string account, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<InterfaceEndpoint>().Where(e => e.Consumer == account && e.State != EndpointState.Deleted).OrderBy(e => e.CreatedAt).ToListAsync(ct);
    }

    /// <summary>…and the provider's.</summary>
    public async Task<IReadOnlyList<InterfaceEndpoint>> EndpointsOfProviderAsync(string account, string? serviceId, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var own = session.Query<InterfaceEndpoint>().Where(e => e.Provider == account && e.State != EndpointState.Deleted);
        return await (serviceId is null ? own : own.Where(e => e.ServiceId == serviceId)).OrderBy(e => e.CreatedAt).ToListAsync(ct);
    }

    /// <summary>One endpoint, whoever asks; routes compare the caller with its two parties.</summary>
    public async Task<InterfaceEndpoint?> EndpointAsync(string id, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<InterfaceEndpoint>(id, ct);
    }

    public async Task<IReadOnlyList<InterfaceEndpoint>> EndpointsAsync(IReadOnlyList<string> ids, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.LoadManyAsync<InterfaceEndpoint>(ct, ids.ToArray());
    }

    /// <summary>What time alone may change now; for the clock.</summary>
    public async Task<IReadOnlyList<string>> EndpointsDueAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<InterfaceEndpoint>().Where(e => e.NextDeadline != null && e.NextDeadline <= now).OrderBy(e => e.NextDeadline).Select(e => e.Id).Take(200).ToListAsync(ct);
    }

    /// <summary>Provider's and consumer's notifications both watch one endpoint.</summary>
    public async Task<IReadOnlyList<ConnectionNotification>> NotificationsAboutAsync(string serviceId, string endpointId, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        return await session.Query<ConnectionNotification>().Where(n => n.AnyTenant() && !n.Deleted && (n.ServiceId == serviceId || n.EndpointId == endpointId)).ToListAsync(ct);
    }
}
