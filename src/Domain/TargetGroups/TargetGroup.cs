namespace PrivateLinkCloud.Domain.TargetGroups;

/// <summary>Where a listener's flows may go: (address, port) pairs, inside the VPC or private addresses beyond it (S-25).</summary>
public sealed record TargetGroup(string Id, string Arn, string Account, string VpcId, string Name, int Port, HealthCheckSettings HealthCheck, IReadOnlyList<RegisteredTarget> Targets) : IFold<TargetGroup>
{
    public int Version { get; init; }
    public bool Deleted { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(TargetGroupCreated), typeof(TargetsRegistered), typeof(TargetsDeregistered), typeof(TargetGroupDeleted)];

    public static TargetGroup? Evolve(TargetGroup? state, object @event) => (state, @event) switch
    {
        (_, TargetGroupCreated e) => new TargetGroup(e.TargetGroupId, e.Arn, e.Account, e.VpcId, e.Name, e.Port, e.HealthCheck, []),
        ({ } group, TargetsRegistered e) => group with { Targets = [.. group.Targets, .. e.Targets] },
        ({ } group, TargetsDeregistered e) => group with { Targets = [.. group.Targets.Except(e.Targets)] },
        ({ } group, TargetGroupDeleted) => group with { Deleted = true },
        _ => state,
    };
}

/// <summary>One address may stand with several ports (containers).</summary>
public sealed record RegisteredTarget(string Address, int Port, string ZoneId);

/// <summary>Plain TCP for now. Ranges and defaults are the vendor's (rules §2.6), except that <see cref="IntervalSeconds"/> may go down to 1 where
/// the operator allows fast checks.</summary>
public sealed record HealthCheckSettings(double IntervalSeconds = 30, double TimeoutSeconds = 10, int HealthyThreshold = 5, int UnhealthyThreshold = 2);

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record TargetGroupCreated(string TargetGroupId, string Arn, string Account, string VpcId, string Name, int Port, HealthCheckSettings HealthCheck, DateTimeOffset At);
public sealed record TargetsRegistered(string TargetGroupId, IReadOnlyList<RegisteredTarget> Targets, DateTimeOffset At);
public sealed record TargetsDeregistered(string TargetGroupId, IReadOnlyList<RegisteredTarget> Targets, DateTimeOffset At);
public sealed record TargetGroupDeleted(string TargetGroupId, DateTimeOffset At);

/// <param name="FastestInterval">The operator's lower bound of the check interval in seconds (vendor: 5).</param>
public sealed record CreateTargetGroup(string TargetGroupId, string Arn, string Account, Vpcs.Vpc Vpc, string? Name, int Port, HealthCheckSettings HealthCheck, double FastestInterval, DateTimeOffset Now);
public sealed record RegisterTargets(Vpcs.Vpc Vpc, IReadOnlyList<TargetWish> Targets, DateTimeOffset Now);
public sealed record DeregisterTargets(IReadOnlyList<TargetWish> Targets, DateTimeOffset Now);
public sealed record DeleteTargetGroup(DateTimeOffset Now);

/// <param name="Port">Null: the group's port.</param>
/// <param name="ZoneId">Only for addresses outside the VPC; inside, the subnet tells. Null also when the tenant has no such zone.</param>
/// <param name="ZoneName">What the tenant called it, to be repeated in a refusal.</param>
public sealed record TargetWish(string? Address, int? Port, string? ZoneId, string? ZoneName = null);
