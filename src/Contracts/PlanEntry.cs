using System.Text.Json.Serialization;

namespace PrivateLinkCloud.Contracts;

/// <summary>
/// One fact a zone must make true, as it should be <em>now</em>. Entries refer to others by <see cref="Key"/>; a plan whose keys
/// dangle is never published. Additive changes only: agents of the previous version read these too.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(NetworkEntry), "network")]
[JsonDerivedType(typeof(DoorEntry), "door")]
[JsonDerivedType(typeof(NodeEntry), "node")]
[JsonDerivedType(typeof(TargetGroupEntry), "targetGroup")]
[JsonDerivedType(typeof(NameEntry), "name")]
public abstract record PlanEntry
{
    /// <summary>Unique within the zone's plan; see <see cref="PlanKeys"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The plan revision that last changed this entry; 0 until the zone's writer has stamped it.</summary>
    public long Revision { get; init; }
}

/// <summary>A VPC that has a subnet in this zone: the agent makes its namespace and answers DNS in it.</summary>
public sealed record NetworkEntry : PlanEntry
{
    public required string VpcId { get; init; }

    /// <summary>IPv4 CIDR, e.g. <c>10.0.0.0/16</c>. Two networks may have the same one. The resolver answers at base + 2; base + 3 is
    /// the reserved source of door probes (S-02; the vendor reserves the first four addresses of each subnet).</summary>
    public required string Cidr { get; init; }
}

/// <summary>An interface endpoint's address in one zone. Plans of <em>all</em> zones of the VPC hold it, because every resolver of
/// the VPC may answer with it; only the agents of <see cref="ZoneId"/> accept on it.</summary>
public sealed record DoorEntry : PlanEntry
{
    public required string EndpointId { get; init; }
    public required string ServiceId { get; init; }
    public required string NetworkInterfaceId { get; init; }
    public required string VpcId { get; init; }

    /// <summary>The physical zone (<c>use1-az1</c>) whose agents serve it.</summary>
    public required string ZoneId { get; init; }

    /// <summary>IPv4, constant for the endpoint's life (I-3).</summary>
    public required string Address { get; init; }

    /// <summary>Key of the load balancer node it is pinned to (S-47). Present in the plan of <see cref="ZoneId"/>.</summary>
    public required string NodeKey { get; init; }

    /// <summary>The port a resolver probes: the load balancer's lowest listener port; null when it has no listener (the door never passes).</summary>
    public int? ProbePort { get; init; }

    /// <summary>Set while the endpoint drains: from here on nothing new is accepted (deletion + DNS TTL).</summary>
    public DateTimeOffset? AcceptUntil { get; init; }

    /// <summary>Set while the endpoint drains: flows still open here are reset.</summary>
    public DateTimeOffset? CutAt { get; init; }
}

/// <summary>A load balancer's node in this zone: one static address; targets see it as the source (S-41).</summary>
public sealed record NodeEntry : PlanEntry
{
    public required string LoadBalancerArn { get; init; }

    /// <summary>The provider's VPC, in which the outgoing sockets are made.</summary>
    public required string VpcId { get; init; }
    public required string ZoneId { get; init; }
    public required string Address { get; init; }

    /// <summary>S-44: off = only targets of the node's own zone.</summary>
    public bool CrossZone { get; init; }
    public required IReadOnlyList<NodeListener> Listeners { get; init; }

    public bool Equals(NodeEntry? other) => other is not null && base.Equals(other) && LoadBalancerArn == other.LoadBalancerArn
        && VpcId == other.VpcId && ZoneId == other.ZoneId && Address == other.Address && CrossZone == other.CrossZone
        && Listeners.SequenceEqual(other.Listeners);

    public override int GetHashCode() => HashCode.Combine(Key, Revision);
}

/// <param name="Port">1–65535.</param>
/// <param name="TargetGroupKey">Key of a <see cref="TargetGroupEntry"/> in the same plan.</param>
/// <param name="IdleTimeoutSeconds">60–6000, the vendor's default 350 (rules §2.6).</param>
public sealed record NodeListener(int Port, string TargetGroupKey, int IdleTimeoutSeconds = 350);

/// <summary>Where a listener's flows may go, and how their health is found out.</summary>
public sealed record TargetGroupEntry : PlanEntry
{
    public required string TargetGroupArn { get; init; }
    public required string VpcId { get; init; }
    public required TargetHealthCheck HealthCheck { get; init; }
    public required IReadOnlyList<PlanTarget> Targets { get; init; }

    public bool Equals(TargetGroupEntry? other) => other is not null && base.Equals(other) && TargetGroupArn == other.TargetGroupArn
        && VpcId == other.VpcId && HealthCheck == other.HealthCheck && Targets.SequenceEqual(other.Targets);

    public override int GetHashCode() => HashCode.Combine(Key, Revision);
}

/// <param name="ZoneId">The physical zone the target is in.</param>
public sealed record PlanTarget(string Address, int Port, string ZoneId);

/// <summary>A plain TCP check (rules §2.6: interval 5–300 s, default 30; timeout 2–120 s, default 10; thresholds 2–10, default 5 and 2).
/// A new target is in service after one passed check.</summary>
public sealed record TargetHealthCheck(double IntervalSeconds = 30, double TimeoutSeconds = 10, int HealthyThreshold = 5, int UnhealthyThreshold = 2);

/// <summary>A DNS name that exists inside one VPC; it answers with those of its doors that pass the resolver's own probe.</summary>
public sealed record NameEntry : PlanEntry
{
    public required string VpcId { get; init; }

    /// <summary>Lower case, no trailing dot.</summary>
    public required string Name { get; init; }
    public required NameKind NameKind { get; init; }
    public required IReadOnlyList<string> DoorKeys { get; init; }
    public int TtlSeconds { get; init; } = 60;

    public bool Equals(NameEntry? other) => other is not null && base.Equals(other) && VpcId == other.VpcId && Name == other.Name
        && NameKind == other.NameKind && TtlSeconds == other.TtlSeconds && DoorKeys.SequenceEqual(other.DoorKeys);

    public override int GetHashCode() => HashCode.Combine(Key, Revision);
}

/// <summary>Regional: every door. Zonal: one door, no failover. Private: the service's own name, an overlay on the public one.</summary>
public enum NameKind { Regional, Zonal, Private }
