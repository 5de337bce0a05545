using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.Domain.EndpointServices;

// What can be asked of an endpoint service. Time and new ids are fields; what the law must know of other aggregates is looked up before.

public sealed record CreateEndpointService(string ServiceId, string ServiceName, string Account, string RegionId, IReadOnlyList<LoadBalancer> LoadBalancers, bool AcceptanceRequired, string? PrivateDnsName, Naming Naming, DateTimeOffset Now);

/// <summary>Null leaves a property as it is. <paramref name="PrivateDnsName"/> "" takes the name away.</summary>
public sealed record ModifyEndpointService(bool? AcceptanceRequired, IReadOnlyList<LoadBalancer>? LoadBalancers, string? PrivateDnsName, Naming Naming, DateTimeOffset Now);
public sealed record ModifyEndpointServicePermissions(IReadOnlyList<string> Add, IReadOnlyList<string> Remove, Naming Naming, DateTimeOffset Now);

/// <param name="Name">What was looked at: a provider may change the name between the look and the word.</param>
public sealed record ConfirmPrivateDnsName(string Name, string By, DateTimeOffset Now);
public sealed record DeleteEndpointService(DateTimeOffset Now);
