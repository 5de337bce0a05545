namespace PrivateLinkCloud.Domain.InterfaceEndpoints;

// What can have happened to an interface endpoint. Both tenants' commands reach this one stream, so every event that somebody
// caused says who (By = account). Stored formats: additive changes only; each has a golden sample in migrations/events.

/// <summary>Names and addresses are allotted here, for life (S-30, S-34), and enter no plan before acceptance.</summary>
public sealed record InterfaceEndpointRequested(
    string EndpointId, string Consumer, string Provider, string ServiceId, string ServiceName, string RegionId, string VpcId,
    IReadOnlyList<EndpointDoor> Doors, string RegionalName, string? Message, bool AcceptanceRequired, DateTimeOffset ExpiresAt, DateTimeOffset At);

/// <param name="Pins">Network interface → load balancer, chosen once, by the law (S-47).</param>
/// <param name="PartialAt">From here on "some zones" is <c>Partial</c>.</param>
/// <param name="FailedAt">From here on "no zone" is <c>Failed</c>.</param>
public sealed record EndpointConnectionAccepted(string EndpointId, string By, IReadOnlyDictionary<string, string> Pins, DateTimeOffset PartialAt, DateTimeOffset FailedAt, DateTimeOffset At);

/// <summary>Also possible after Available; closes everything at once.</summary>
public sealed record EndpointConnectionRejected(string EndpointId, string By, DateTimeOffset At);
public sealed record EndpointRequestExpired(string EndpointId, DateTimeOffset At);
public sealed record EndpointPrivateDnsEnabled(string EndpointId, string By, string PrivateDnsName, DateTimeOffset PartialAt, DateTimeOffset FailedAt, DateTimeOffset At);
public sealed record EndpointPrivateDnsDisabled(string EndpointId, string By, DateTimeOffset PartialAt, DateTimeOffset FailedAt, DateTimeOffset At);

/// <summary>An agent with a live lease reported that the zone does what the plan said at this revision.</summary>
public sealed record EndpointZoneDeployed(string EndpointId, string ZoneId, string AgentId, long Revision, DateTimeOffset At);

/// <summary>No agent of the zone holds a live lease any more. Traffic may well go on; we no longer know.</summary>
public sealed record EndpointZoneLost(string EndpointId, string ZoneId, DateTimeOffset FailedAt, DateTimeOffset At);
public sealed record EndpointBecameAvailable(string EndpointId, DateTimeOffset At);
public sealed record EndpointBecamePartial(string EndpointId, IReadOnlyList<string> MissingZoneIds, DateTimeOffset At);
public sealed record EndpointFailed(string EndpointId, string Reason, DateTimeOffset At);

/// <summary>Names go now; nothing new after <paramref name="AcceptUntil"/> (one DNS TTL); flows are reset at <paramref name="CutAt"/>.</summary>
public sealed record InterfaceEndpointDeleteRequested(string EndpointId, string By, DateTimeOffset AcceptUntil, DateTimeOffset CutAt, DateTimeOffset At);

/// <summary>The drain time is over: the doors leave the plan.</summary>
public sealed record EndpointDrained(string EndpointId, DateTimeOffset At);

/// <summary>An agent reported that the door is gone from the zone.</summary>
public sealed record EndpointZoneWithdrawn(string EndpointId, string ZoneId, DateTimeOffset At);
public sealed record InterfaceEndpointDeleted(string EndpointId, DateTimeOffset At);

/// <summary>The endpoint's network interface in one zone (S-11): one subnet, one address, constant for life.</summary>
/// <param name="ZoneName">The zone as the consumer called it when asking (S-31).</param>
public sealed record EndpointDoor(string NetworkInterfaceId, string SubnetId, string ZoneId, string ZoneName, string Address, string ZonalName);
