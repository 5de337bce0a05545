namespace PrivateLinkCloud.Domain.EndpointServices;

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record EndpointServiceCreated(string ServiceId, string ServiceName, string Account, string RegionId, IReadOnlyList<string> LoadBalancerArns, bool AcceptanceRequired, DateTimeOffset At);
public sealed record EndpointServiceAcceptanceSet(string ServiceId, bool AcceptanceRequired, DateTimeOffset At);
public sealed record EndpointServiceLoadBalancersSet(string ServiceId, IReadOnlyList<string> LoadBalancerArns, DateTimeOffset At);
public sealed record EndpointServicePrincipalsAllowed(string ServiceId, IReadOnlyList<string> Principals, DateTimeOffset At);
public sealed record EndpointServicePrincipalsRemoved(string ServiceId, IReadOnlyList<string> Principals, DateTimeOffset At);

/// <param name="PrivateDnsName">Null takes the name away.</param>
public sealed record EndpointServicePrivateDnsNameSet(string ServiceId, string? PrivateDnsName, DateTimeOffset At);

/// <param name="By">The platform operator who vouched for it; a DNS proof comes later.</param>
public sealed record EndpointServicePrivateDnsNameConfirmed(string ServiceId, string PrivateDnsName, string By, DateTimeOffset At);
public sealed record EndpointServiceDeleted(string ServiceId, DateTimeOffset At);
