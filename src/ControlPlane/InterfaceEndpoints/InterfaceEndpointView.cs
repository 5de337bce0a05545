using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.InterfaceEndpoints;

/// <summary>
/// What does the tenant see? Station 5 of the walk. The read model is the endpoint as its decider remembers it, kept in the transaction of
/// its events; here are the two shapes it has on the outside. The consumer sees its network; the provider sees who is knocking, and
/// nothing of the consumer's network.
/// </summary>
public sealed record InterfaceEndpointShape(
    string Id, EndpointState State, string ServiceName, string VpcId, string Region, string RegionalName, IReadOnlyList<ZonalNameShape> ZonalNames,
    bool PrivateDnsEnabled, string? PrivateDnsName, IReadOnlyList<EndpointInterfaceShape> NetworkInterfaces, string? Message, string? LastError, DateTimeOffset CreatedAt)
{
    public static InterfaceEndpointShape Of(InterfaceEndpoint e) => new(e.Id, e.State, e.ServiceName, e.VpcId, e.RegionId, e.RegionalName,
        [.. e.Doors.Select(d => new ZonalNameShape(d.ZoneName, d.ZonalName))], e.PrivateDnsName is not null, e.PrivateDnsName,
        [.. e.Doors.Select(d => new EndpointInterfaceShape(d.NetworkInterfaceId, d.SubnetId, d.ZoneName, d.ZoneId, d.Address, e.DeployedZoneIds.Contains(d.ZoneId)))], e.Message, e.LastError, e.CreatedAt);
}

public sealed record ZonalNameShape(string AvailabilityZone, string Name);

/// <param name="Ready">An agent of the zone has reported the endpoint as deployed.</param>
public sealed record EndpointInterfaceShape(string Id, string SubnetId, string AvailabilityZone, string ZoneId, string Address, bool Ready);

/// <summary>The provider's view: a connection of somebody's endpoint to its service.</summary>
public sealed record EndpointConnectionShape(string EndpointId, string ServiceId, string Owner, EndpointState State, IReadOnlyList<string> ZoneIds, string? Message, string? LastError, DateTimeOffset CreatedAt)
{
    public static EndpointConnectionShape Of(InterfaceEndpoint e) => new(e.Id, e.ServiceId, e.Consumer, e.State, [.. e.ZoneIds], e.Message, e.LastError, e.CreatedAt);
}

/// <summary>A network interface as its VPC's owner sees it: there, and not to be changed (S-15).</summary>
public sealed record NetworkInterfaceShape(string Id, string SubnetId, string VpcId, string ZoneId, string Address, bool RequesterManaged, string Description)
{
    public static IEnumerable<NetworkInterfaceShape> Of(InterfaceEndpoint e) =>
        e.State is EndpointState.Deleted ? [] : e.Doors.Select(d => new NetworkInterfaceShape(d.NetworkInterfaceId, d.SubnetId, e.VpcId, d.ZoneId, d.Address, true, $"VPC Endpoint Interface {e.Id}"));

    public static IEnumerable<NetworkInterfaceShape> Of(Domain.LoadBalancers.LoadBalancer lb) =>
        lb.Nodes.Select(n => new NetworkInterfaceShape(n.NetworkInterfaceId, n.SubnetId, lb.VpcId, n.ZoneId, n.Address, true, $"ELB net/{lb.Name}/{lb.Id}"));
}

/// <summary>The two named queries through which endpoints are read.</summary>
public sealed class InterfaceEndpointQueries(CrossTenant crossTenant)
{
    /// <summary>Null unless the account is the endpoint's consumer.</summary>
    public async Task<InterfaceEndpoint?> OfConsumerAsync(string account, string id, CancellationToken ct) =>
        await crossTenant.EndpointAsync(id, ct) is { } endpoint && endpoint.Consumer == account ? endpoint : null;

    /// <summary>Null unless the account is the provider of the endpoint's service.</summary>
    public async Task<InterfaceEndpoint?> OfProviderAsync(string account, string id, CancellationToken ct) =>
        await crossTenant.EndpointAsync(id, ct) is { } endpoint && endpoint.Provider == account ? endpoint : null;
}
