using System.Net;

namespace PrivateLinkCloud.ZoneAgent.Resolvers;

/// <summary>How the VPC resolvers of this agent behave; defaults are those of deploy/zone-agent.default.jsonc.</summary>
public sealed record ResolverSettings
{
    /// <summary>Below this domain the resolvers are authoritative, e.g. <c>vpce.plc.internal</c>.</summary>
    public required string EndpointDomain { get; init; }

    /// <summary>Asked in order for all other names; empty: those are refused.</summary>
    public IReadOnlyList<IPEndPoint> Upstreams { get; init; } = [];

    /// <summary>False: a VPC's resolver also knows the endpoint names (not the private ones) of the other VPCs of the plan.</summary>
    public bool HideOutsideVpc { get; init; } = true;

    /// <summary>How long one upstream may take before the next is asked.</summary>
    public TimeSpan UpstreamTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Forwarded queries under way at a time, all VPCs together; one more is answered SERVFAIL at once.</summary>
    public int MaxForwarded { get; init; } = 1000;

    /// <summary>TCP connections per VPC; one more is closed at once.</summary>
    public int MaxTcpConnections { get; init; } = 100;

    /// <summary>A TCP connection that asks nothing for so long is closed.</summary>
    public TimeSpan TcpIdle { get; init; } = TimeSpan.FromSeconds(10);
}
