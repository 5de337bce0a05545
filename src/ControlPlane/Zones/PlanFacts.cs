using Marten;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using PrivateLinkCloud.Domain.Zones;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>An aggregate whose plan entries may have changed, and the tenant it is stored under.</summary>
public readonly record struct PlanOwner(PlanOwnerKind Kind, string Tenant, string Id);

/// <summary>In the order in which they are planned: what is pointed to before what points.</summary>
public enum PlanOwnerKind { Vpc, TargetGroup, LoadBalancer, Endpoint }

/// <summary>
/// Loads what the planner needs to know about an owner: the documents as they are now, not as of the event. So a page that is replayed,
/// or an event that is seen late, gives the same plan. Reads every tenant, because a zone serves every tenant.
/// </summary>
public sealed class PlanFacts(IDocumentStore store)
{
    /// <summary>Which owners' entries an event may have changed.</summary>
    public async Task<IEnumerable<PlanOwner>> OwnersAsync(string tenant, object @event, CancellationToken ct) => @event switch
    {
        VpcCreated or VpcDeleted => [],
        SubnetCreated e => await VpcAndItsEndpointsAsync(tenant, e.VpcId, ct),
        SubnetDeleted e => await VpcAndItsEndpointsAsync(tenant, e.VpcId, ct),
        VpcDnsAttributesSet e => await VpcAndItsEndpointsAsync(tenant, e.VpcId, ct),
        TargetGroupCreated => [],
        TargetsRegistered e => [new PlanOwner(PlanOwnerKind.TargetGroup, tenant, e.TargetGroupId)],
        TargetsDeregistered e => [new PlanOwner(PlanOwnerKind.TargetGroup, tenant, e.TargetGroupId)],
        TargetGroupDeleted e => [new PlanOwner(PlanOwnerKind.TargetGroup, tenant, e.TargetGroupId)],
        LoadBalancerCreated e => [new PlanOwner(PlanOwnerKind.LoadBalancer, tenant, e.LoadBalancerId)],
        CrossZoneSet e => [new PlanOwner(PlanOwnerKind.LoadBalancer, tenant, e.LoadBalancerId)],
        ListenerCreated e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        ListenerDeleted e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        LoadBalancerDeleted e => await LoadBalancerAndAllItTouchesAsync(tenant, e.LoadBalancerId, ct),
        EndpointConnectionAccepted e => [EndpointOwner(e.EndpointId)],
        EndpointConnectionRejected e => [EndpointOwner(e.EndpointId)],
        EndpointPrivateDnsEnabled e => [EndpointOwner(e.EndpointId)],
        EndpointPrivateDnsDisabled e => [EndpointOwner(e.EndpointId)],
        InterfaceEndpointDeleteRequested e => [EndpointOwner(e.EndpointId)],
        EndpointDrained e => [EndpointOwner(e.EndpointId)],
        _ => [],
    };

    /// <summary>What the owner should have in the zones' plans now.</summary>
    public async Task<OwnedEntries> PlanAsync(PlanOwner owner, CancellationToken ct)
    {
        await using var session = store.QuerySession(owner.Tenant);
        switch (owner.Kind)
        {
            case PlanOwnerKind.Vpc:
                return await session.LoadAsync<Vpc>(owner.Id, ct) is { } vpc ? ZonePlanner.Plan(vpc) : new OwnedEntries(owner.Id, []);
            case PlanOwnerKind.TargetGroup:
                if (await session.LoadAsync<TargetGroup>(owner.Id, ct) is not { } group) return new OwnedEntries(owner.Id, []);
                return ZonePlanner.Plan(group, await session.Query<LoadBalancer>().Where(l => l.VpcId == group.VpcId && !l.Deleted).ToListAsync(ct));
            case PlanOwnerKind.LoadBalancer:
                return await session.LoadAsync<LoadBalancer>(owner.Id, ct) is { } lb
                    ? ZonePlanner.Plan(lb, lb.Listeners.DistinctBy(l => l.TargetGroupArn).ToDictionary(l => l.TargetGroupArn, l => Platform.CrossTenant.IdOfArn(l.TargetGroupArn)))
                    : new OwnedEntries(owner.Id, []);
            default:
                return await session.LoadAsync<InterfaceEndpoint>(owner.Id, ct) is { } endpoint ? await PlanAsync(endpoint, ct) : new OwnedEntries(owner.Id, []);
        }
    }

    private async Task<OwnedEntries> PlanAsync(InterfaceEndpoint endpoint, CancellationToken ct)
    {
        if (!endpoint.InPlan) return new OwnedEntries(endpoint.Id, []);
        await using var consumer = store.QuerySession(endpoint.Consumer);
        await using var provider = store.QuerySession(endpoint.Provider);
        var vpc = await consumer.LoadAsync<Vpc>(endpoint.VpcId, ct);
        var pinned = await provider.LoadManyAsync<LoadBalancer>(ct, endpoint.Pins.Values.Distinct().ToArray());
        return ZonePlanner.Plan(endpoint, vpc!, pinned.ToDictionary(l => l.Id));
    }

    private async Task<IEnumerable<PlanOwner>> VpcAndItsEndpointsAsync(string tenant, string vpcId, CancellationToken ct)
    {
        await using var session = store.QuerySession();
        var endpoints = await session.Query<InterfaceEndpoint>().Where(e => e.VpcId == vpcId).Select(e => e.Id).ToListAsync(ct);
        return endpoints.Select(EndpointOwner).Prepend(new PlanOwner(PlanOwnerKind.Vpc, tenant, vpcId));
    }

    /// <summary>A listener that comes or goes changes the node, the target groups' zones, and perhaps the port by which doors are probed.</summary>
    private async Task<IEnumerable<PlanOwner>> LoadBalancerAndAllItTouchesAsync(string tenant, string loadBalancerId, CancellationToken ct)
    {
        await using var session = store.QuerySession(tenant);
        var owners = new List<PlanOwner> { new(PlanOwnerKind.LoadBalancer, tenant, loadBalancerId) };
        if (await session.LoadAsync<LoadBalancer>(loadBalancerId, ct) is { } lb)
        {
            var groups = await session.Query<TargetGroup>().Where(g => g.VpcId == lb.VpcId).Select(g => g.Id).ToListAsync(ct);
            owners.AddRange(groups.Select(g => new PlanOwner(PlanOwnerKind.TargetGroup, tenant, g)));
        }
        var endpoints = await session.Query<InterfaceEndpoint>().Where(e => e.Provider == tenant).ToListAsync(ct);
        owners.AddRange(endpoints.Where(e => e.InPlan && e.Pins.Values.Contains(loadBalancerId)).Select(e => EndpointOwner(e.Id)));
        return owners;
    }

    private static PlanOwner EndpointOwner(string id) => new(PlanOwnerKind.Endpoint, JasperFx.StorageConstants.DefaultTenantId, id);
}
