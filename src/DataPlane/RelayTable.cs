using System.Collections.Immutable;
using System.Net;

namespace PrivateLinkCloud.DataPlane;

/// <summary>
/// All the relay needs to know to place a flow, compiled by the agent from its zone's plan. Immutable: a flow reads it once, through
/// one volatile reference, and never takes a lock. Only what this agent serves is in here (doors and nodes of its own zone).
/// </summary>
public sealed record RelayTable(
    ImmutableDictionary<string, Door> Doors,
    ImmutableDictionary<string, Node> Nodes,
    ImmutableDictionary<string, TargetGroup> TargetGroups)
{
    public static RelayTable Empty { get; } = new(
        ImmutableDictionary<string, Door>.Empty, ImmutableDictionary<string, Node>.Empty, ImmutableDictionary<string, TargetGroup>.Empty);
}

/// <param name="Network">Opaque name of the network the address lives in; handed to <see cref="INetworks"/>.</param>
/// <param name="ProbeSource">Connections from this address are probes: answered by the relay itself, never dialled onwards, not counted.</param>
/// <param name="AcceptUntil">When set and passed: nothing new is accepted (the acceptor closes).</param>
/// <param name="CutAt">When set and passed: flows still open are reset with <see cref="FlowEnd.DrainExpired"/>.</param>
public sealed record Door(
    string Key, string EndpointId, string Network, IPAddress Address, IPAddress ProbeSource, string NodeKey,
    DateTimeOffset? AcceptUntil, DateTimeOffset? CutAt);

/// <param name="Network">The provider's network, in which outgoing sockets are made.</param>
/// <param name="Address">Source address of every flow and health check to a target (S-41).</param>
public sealed record Node(string Key, string Network, IPAddress Address, string ZoneId, bool CrossZone, ImmutableArray<Listener> Listeners);

public sealed record Listener(int Port, string TargetGroupKey, TimeSpan IdleTimeout);

public sealed record TargetGroup(string Key, HealthCheck HealthCheck, ImmutableArray<Target> Targets);

public sealed record Target(IPAddress Address, int Port, string ZoneId);

public sealed record HealthCheck(TimeSpan Interval, TimeSpan Timeout, int HealthyThreshold, int UnhealthyThreshold);
