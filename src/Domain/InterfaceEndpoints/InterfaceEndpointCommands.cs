using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.InterfaceEndpoints;

/// <summary>The times the law works with; configuration of the control plane.</summary>
/// <param name="ExpireAfter">An unanswered request expires.</param>
/// <param name="PartialAfter">Pending → Partial when some zones are ready.</param>
/// <param name="FailAfter">Pending → Failed when none is.</param>
/// <param name="DnsTtl">How long clients may hold a name that was withdrawn.</param>
/// <param name="Drain">What open flows get after that.</param>
public sealed record EndpointTimes(TimeSpan ExpireAfter, TimeSpan PartialAfter, TimeSpan FailAfter, TimeSpan DnsTtl, TimeSpan Drain)
{
    public static EndpointTimes Default { get; } = new(TimeSpan.FromDays(7), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300));
}

/// <param name="Service">Null when no service of that name exists or is offered to the caller: the same answer (S-61).</param>
/// <param name="LoadBalancers">The service's, so that its zones are known.</param>
/// <param name="Doors">One per wanted subnet, address and names chosen beforehand; the claims decide whether the address is still free.</param>
public sealed record RequestInterfaceEndpoint(
    string EndpointId, string Consumer, string? ServiceName, EndpointService? Service, IReadOnlyList<LoadBalancer> LoadBalancers, Vpc Vpc,
    IReadOnlyList<EndpointDoor> Doors, string RegionalName, string? Message, bool PrivateDnsEnabled, int EndpointsPerVpc, EndpointTimes Times, DateTimeOffset Now);

/// <param name="LoadBalancers">The service's as they are now: the candidates for pinning.</param>
public sealed record AcceptEndpointConnection(string Actor, IReadOnlyList<LoadBalancer> LoadBalancers, EndpointTimes Times, DateTimeOffset Now);
public sealed record RejectEndpointConnection(string Actor, DateTimeOffset Now);

/// <param name="Service">Where the private name comes from; null when the service is gone.</param>
public sealed record EnablePrivateDns(string Actor, EndpointService? Service, Vpc Vpc, EndpointTimes Times, DateTimeOffset Now);
public sealed record DisablePrivateDns(string Actor, EndpointTimes Times, DateTimeOffset Now);
public sealed record DeleteInterfaceEndpoint(string Actor, EndpointTimes Times, DateTimeOffset Now);
public sealed record ReportZoneDeployed(string ZoneId, string AgentId, long Revision, DateTimeOffset Now);
public sealed record ReportZoneWithdrawn(string ZoneId, DateTimeOffset Now);
public sealed record ReportZoneLost(string ZoneId, EndpointTimes Times, DateTimeOffset Now);

/// <summary>The clock as a command: whatever is due by <paramref name="Now"/> happens.</summary>
public sealed record PassTime(DateTimeOffset Now);
