using Marten;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.EndpointServices;

namespace PrivateLinkCloud.ControlPlane.EndpointServices;

/// <summary>The provider's view of its service.</summary>
public sealed record EndpointServiceShape(string Id, string Name, string State, IReadOnlyList<string> LoadBalancerArns, bool AcceptanceRequired, IReadOnlyList<string> AllowedPrincipals, string? PrivateDnsName, PrivateDnsNameState PrivateDnsNameState)
{
    public static EndpointServiceShape Of(EndpointService s) => new(s.Id, s.Name, s.Deleted ? "deleted" : "available", s.LoadBalancerArns, s.AcceptanceRequired, s.AllowedPrincipals, s.PrivateDnsName, s.PrivateDnsNameState);
}

/// <summary>A consumer's view of a service it may use: only the zones both have, in the consumer's names (S-39).</summary>
public sealed record AvailableServiceShape(string ServiceId, string Name, string Owner, IReadOnlyList<string> AvailabilityZones, bool AcceptanceRequired, string? PrivateDnsName);

public sealed record PrincipalShape(string PrincipalType, string Principal);

public sealed class EndpointServiceQueries(IDocumentStore store, CrossTenant crossTenant, TenantDirectory directory, PlatformSettings settings)
{
    public async Task<EndpointService?> OwnAsync(string account, string id, CancellationToken ct)
    {
        await using var session = store.QuerySession(account);
        return await session.LoadAsync<EndpointService>(id, ct) is { Deleted: false } service ? service : null;
    }

    public async Task<IReadOnlyList<EndpointService>> OwnAsync(string account, CancellationToken ct)
    {
        await using var session = store.QuerySession(account);
        return await session.Query<EndpointService>().Where(s => !s.Deleted).OrderBy(s => s.Id).ToListAsync(ct);
    }

    public async Task<IReadOnlyList<AvailableServiceShape>> AvailableAsync(Caller caller, CancellationToken ct)
    {
        var shapes = new List<AvailableServiceShape>();
        foreach (var service in await crossTenant.ServicesOfferedToAsync(s => s.IsOfferedTo(caller.Account, caller.Arn, settings.Naming), ct))
        {
            var zones = await directory.ZonesAsync(caller.Account, ct);
            var loadBalancers = await crossTenant.LoadBalancersAsync(service.Account, service.LoadBalancerArns, ct);
            var names = loadBalancers.Where(l => !l.Deleted).SelectMany(l => l.Nodes).Select(n => n.ZoneId).Where(zones.Has).Distinct().Select(zones.Name).Order();
            shapes.Add(new AvailableServiceShape(service.Id, service.Name, service.Account, [.. names], service.AcceptanceRequired, service.PrivateDnsNameState == PrivateDnsNameState.Verified ? service.PrivateDnsName : null));
        }
        return shapes;
    }
}
