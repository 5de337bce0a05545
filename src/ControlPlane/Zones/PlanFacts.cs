using Marten;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using PrivateLinkCloud.Domain.Zones;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// Loads what the planner needs to know about an owner: the documents as they are now, not as of the event. So a page that is replayed,
/// or an event that is seen late, gives the same plan. Reads every tenant, because a zone serves every tenant.
/// Owners are named as <see cref="PlanOwners"/> says.
/// </summary>
public sealed class PlanFacts(IDocumentStore store)
{
    /// <summary>Which owners' entries an event of a tenant's stream may have changed.</summary>
    public async Task<IEnumerable<string>> OwnersAsync(string tenant, string stream, object @event, CancellationToken ct) => @event switch
    {
        VpcCreated or VpcDeleted => [],
        SubnetCreated e => await VpcAndItsEndpointsAsync(e.VpcId, ct),
        SubnetDeleted e => await VpcAndItsEndpointsAsync(e.VpcId, ct),
        VpcDnsAttributesSet e => await VpcAndItsEndpointsAsync(e.VpcId, ct),
        TargetGroupCreated => [],
        TargetsRegistered e => [PlanOwners.TargetGroup(e.TargetGroupId)],
        TargetsDeregistered e => [PlanOwners.TargetGroup(e.TargetGroupId)],
        TargetGroupDeleted e => [PlanOwners.TargetGroup(e.TargetGroupId)],
        LoadBalancerCreated e => [PlanOwners.LoadBalancer(e.LoadBalancerId)],
        CrossZoneSet e => [PlanOwners.LoadBalancer(e.LoadBalancerId)],
        ListenerCreated e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        ListenerDeleted e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        LoadBalancerDeleted e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        _ when InterfaceEndpoint.IsWish(@event) => [stream],
        _ => [],
    };

    /// <summary>What each owner should have in the zones' plans now.</summary>
    public async Task<IReadOnlyList<OwnedEntries>> PlanAsync(IEnumerable<string> owners, CancellationToken ct)
    {
        var planned = new List<OwnedEntries>();
        foreach (var owner in owners) planned.Add(await PlanAsync(owner, ct));
        return planned;
    }

    private async Task<OwnedEntries> PlanAsync(string owner, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var id = Names.IdOfArn(owner);
        var nothing = new OwnedEntries(owner, []);
        if (owner.StartsWith("vpc-", StringComparison.Ordinal))
            return await session.Query<Vpc>().Where(v => v.AnyTenant() && v.Id == id).FirstOrDefaultAsync(ct) is { } vpc ? ZonePlanner.Plan(vpc) : nothing;
        if (owner == PlanOwners.TargetGroup(id))
            return await session.Query<TargetGroup>().Where(g => g.AnyTenant() && g.Id == id).FirstOrDefaultAsync(ct) is { } group
                ? ZonePlanner.Plan(group, await session.Query<LoadBalancer>().Where(l => l.AnyTenant() && l.VpcId == group.VpcId && !l.Deleted).ToListAsync(ct)) : nothing;
        if (owner == PlanOwners.LoadBalancer(id))
            return await session.Query<LoadBalancer>().Where(l => l.AnyTenant() && l.Id == id).FirstOrDefaultAsync(ct) is { } lb
                ? ZonePlanner.Plan(lb, lb.Listeners.DistinctBy(l => l.TargetGroupArn).ToDictionary(l => l.TargetGroupArn, l => Names.IdOfArn(l.TargetGroupArn))) : nothing;
        return await session.LoadAsync<InterfaceEndpoint>(id, ct) is { } endpoint ? await PlanAsync(endpoint, ct) : nothing;
    }

    private async Task<OwnedEntries> PlanAsync(InterfaceEndpoint endpoint, CancellationToken ct)
    {
        if (!endpoint.InPlan) return new OwnedEntries(endpoint.Id, []) { Wish = endpoint.Wish };
        await using var consumer = store.QuerySession(endpoint.Consumer);
        await using var provider = store.QuerySession(endpoint.Provider);
        var vpc = await consumer.LoadAsync<Vpc>(endpoint.VpcId, ct);
        var pinned = await provider.LoadManyAsync<LoadBalancer>(ct, endpoint.Pins.Values.Distinct().ToArray());
        return ZonePlanner.Plan(endpoint, vpc!, pinned.ToDictionary(l => l.Id));
    }

    private async Task<IEnumerable<string>> VpcAndItsEndpointsAsync(string vpcId, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var endpoints = await session.Query<InterfaceEndpoint>().Where(e => e.VpcId == vpcId).Select(e => e.Id).ToListAsync(ct);
        return endpoints.Prepend(vpcId);
    }

    /// <summary>A listener that comes or goes changes the node, the target groups' zones, and perhaps the port by which doors are probed.</summary>
    private async Task<IEnumerable<string>> LoadBalancerAndAllItTouchesAsync(string tenant, string loadBalancerId, CancellationToken ct)
    {
        await using var session = store.QuerySession(tenant);
        var owners = new List<string> { PlanOwners.LoadBalancer(loadBalancerId) };
        if (await session.LoadAsync<LoadBalancer>(loadBalancerId, ct) is { } lb)
            owners.AddRange((await session.Query<TargetGroup>().Where(g => g.VpcId == lb.VpcId).Select(g => g.Id).ToListAsync(ct)).Select(PlanOwners.TargetGroup));
        var endpoints = await session.Query<InterfaceEndpoint>().Where(e => e.Provider == tenant).ToListAsync(ct);
        owners.AddRange(endpoints.Where(e => e.InPlan && e.Pins.Values.Contains(loadBalancerId)).Select(e => e.Id));
        return owners;
    }
}
