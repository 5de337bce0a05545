namespace PrivateLinkCloud.Domain.LoadBalancers;

/// <summary>A network load balancer: one node with one static address per enabled zone (rules §2.6), listeners at layer 4.</summary>
public sealed record LoadBalancer(string Id, string Arn, string Account, string VpcId, string Name, bool CrossZone, IReadOnlyList<LoadBalancerNode> Nodes, IReadOnlyList<LoadBalancerListener> Listeners) : IFold<LoadBalancer>
{
    public int Version { get; init; }
    public bool Deleted { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } =
        [typeof(LoadBalancerCreated), typeof(ListenerCreated), typeof(ListenerDeleted), typeof(CrossZoneSet), typeof(LoadBalancerDeleted)];

    public static LoadBalancer? Evolve(LoadBalancer? state, object @event) => (state, @event) switch
    {
        (_, LoadBalancerCreated e) => new LoadBalancer(e.LoadBalancerId, e.Arn, e.Account, e.VpcId, e.Name, e.CrossZone, e.Nodes, []),
        ({ } lb, ListenerCreated e) => lb with { Listeners = [.. lb.Listeners, new LoadBalancerListener(e.Port, e.TargetGroupArn, e.IdleTimeoutSeconds)] },
        ({ } lb, ListenerDeleted e) => lb with { Listeners = [.. lb.Listeners.Where(l => l.Port != e.Port)] },
        ({ } lb, CrossZoneSet e) => lb with { CrossZone = e.CrossZone },
        ({ } lb, LoadBalancerDeleted) => lb with { Deleted = true },
        _ => state,
    };
}

/// <param name="NetworkInterfaceId">Requester-managed: visible, not changeable.</param>
public sealed record LoadBalancerNode(string ZoneId, string SubnetId, string NetworkInterfaceId, string Address);

public sealed record LoadBalancerListener(int Port, string TargetGroupArn, int IdleTimeoutSeconds);

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record LoadBalancerCreated(string LoadBalancerId, string Arn, string Account, string VpcId, string Name, bool CrossZone, IReadOnlyList<LoadBalancerNode> Nodes, DateTimeOffset At);
public sealed record ListenerCreated(string LoadBalancerId, int Port, string TargetGroupArn, int IdleTimeoutSeconds, DateTimeOffset At);
public sealed record ListenerDeleted(string LoadBalancerId, int Port, DateTimeOffset At);
public sealed record CrossZoneSet(string LoadBalancerId, bool CrossZone, DateTimeOffset At);
public sealed record LoadBalancerDeleted(string LoadBalancerId, DateTimeOffset At);

/// <param name="Nodes">One per wanted subnet, addresses chosen beforehand from what was free; the claims decide whether they still are.</param>
public sealed record CreateLoadBalancer(string LoadBalancerId, string Arn, string Account, Vpcs.Vpc Vpc, string? Name, bool CrossZone, IReadOnlyList<LoadBalancerNode> Nodes, DateTimeOffset Now);
public sealed record CreateListener(int Port, TargetGroups.TargetGroup TargetGroup, int IdleTimeoutSeconds, DateTimeOffset Now);
public sealed record DeleteListener(int Port, DateTimeOffset Now);
public sealed record SetCrossZone(bool CrossZone, DateTimeOffset Now);
public sealed record DeleteLoadBalancer(DateTimeOffset Now);
