using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.LoadBalancers;

/// <summary>The law of load balancers and their listeners (S-22…S-26, rules §2.6).</summary>
public static class LoadBalancerDecider
{
    /// <summary>The vendor's quota.</summary>
    public const int ListenersPerLoadBalancer = 50;

    /// <summary>Claim scope that ties a load balancer to the one endpoint service it may belong to.</summary>
    public static string ServiceScope(string arn) => $"load-balancer-service/{arn}";

    /// <summary>Claim scope of the doors pinned to a load balancer; key = owner = network interface. While there is one, the load balancer
    /// stays, even outside its service: a door whose node is gone would make the zone's plan dangle.</summary>
    public static string PinScope(string id) => $"load-balancer-pin/{id}";

    public static Decision Create(LoadBalancer? lb, CreateLoadBalancer c)
    {
        if (lb is not null) return Rejection.Conflict("InvalidLoadBalancer.Exists", "The id is taken.");
        if (!Names.IsResourceName(c.Name)) return Rejection.Invalid("InvalidLoadBalancerName", $"'{c.Name}' is not a load balancer name. Use 1 to 32 letters, digits and inner hyphens.");
        if (c.Nodes.Count == 0) return Rejection.Invalid("InvalidSubnet", "Name at least one subnet.");
        if (c.Nodes.GroupBy(n => n.ZoneId).Any(g => g.Count() > 1)) return Rejection.Invalid("DuplicateSubnetsInSameZone", "Two of the subnets are in the same zone. A load balancer has one node per zone.");
        return Decision.Of(new LoadBalancerCreated(c.LoadBalancerId, c.Arn, c.Account, c.Vpc.Id, c.Name!, c.CrossZone, c.Nodes, c.Now)) with
        {
            Claims =
            [
                .. c.Nodes.Select(n => new Claim(VpcDecider.AddressScope(n.SubnetId), n.Address, n.NetworkInterfaceId, Rejection.Conflict("AddressInUse", $"{n.Address} was taken meanwhile. Ask again."))),
                new Claim($"load-balancer-name/{c.Account}", c.Name!, c.LoadBalancerId, Rejection.Conflict("DuplicateLoadBalancerName", $"You have a load balancer called '{c.Name}' already. Choose another name.")),
            ],
        };
    }

    public static Decision CreateListener(LoadBalancer lb, CreateListener c)
    {
        if (c.Port is < 1 or > 65535) return Rejection.Invalid("InvalidPort", $"{c.Port} is not a port. Use 1 to 65535.");
        if (c.IdleTimeoutSeconds is < 60 or > 6000) return Rejection.Invalid("InvalidIdleTimeout", "tcpIdleTimeoutSeconds is 60 to 6000; the default is 350.");
        if (c.TargetGroup.VpcId != lb.VpcId) return Rejection.Invalid("InvalidTargetGroup.Vpc", "The target group belongs to another VPC than the load balancer. Use one of the load balancer's VPC.");
        if (lb.Listeners.FirstOrDefault(l => l.Port == c.Port) is { } existing)
            return existing.TargetGroupArn == c.TargetGroup.Arn && existing.IdleTimeoutSeconds == c.IdleTimeoutSeconds ? Decision.Nothing
                : Rejection.Conflict("DuplicateListener", $"Port {c.Port} has a listener already. Delete it first.");
        if (lb.Listeners.Count >= ListenersPerLoadBalancer) return new Rejection(RejectionKind.LimitExceeded, "TooManyListeners", $"A load balancer has at most {ListenersPerLoadBalancer} listeners. Delete one first.");
        var use = new Claim(TargetGroupDecider.UseScope(c.TargetGroup.Arn), $"{lb.Id}:{c.Port}", lb.Id, Rejection.Conflict("ResourceInUse", "The listener exists."));
        return Decision.Of(new ListenerCreated(lb.Id, c.Port, c.TargetGroup.Arn, c.IdleTimeoutSeconds, c.Now)) with { Claims = [use] };
    }

    public static Decision DeleteListener(LoadBalancer lb, DeleteListener c) =>
        lb.Listeners.FirstOrDefault(l => l.Port == c.Port) is not { } listener ? Decision.Nothing
        : Decision.Of(new ListenerDeleted(lb.Id, c.Port, c.Now)) with { Releases = [(TargetGroupDecider.UseScope(listener.TargetGroupArn), $"{lb.Id}:{c.Port}", lb.Id)] };

    public static Decision SetCrossZone(LoadBalancer lb, SetCrossZone c) =>
        lb.CrossZone == c.CrossZone ? Decision.Nothing : Decision.Of(new CrossZoneSet(lb.Id, c.CrossZone, c.Now));

    public static Decision Delete(LoadBalancer lb, DeleteLoadBalancer c) =>
        lb.Deleted ? Decision.Nothing : Decision.Of(new LoadBalancerDeleted(lb.Id, c.Now)) with
        {
            Releases =
            [
                .. lb.Nodes.Select(n => (VpcDecider.AddressScope(n.SubnetId), (string?)n.Address, n.NetworkInterfaceId)),
                .. lb.Listeners.Select(l => (TargetGroupDecider.UseScope(l.TargetGroupArn), (string?)$"{lb.Id}:{l.Port}", lb.Id)),
                ($"load-balancer-name/{lb.Account}", null, lb.Id),
            ],
            Unused =
            [
                (ServiceScope(lb.Arn), Rejection.Conflict("ResourceInUse", "An endpoint service still uses the load balancer. Take it out of the service first.")),
                (PinScope(lb.Id), Rejection.Conflict("ResourceInUse", "Endpoints are pinned to the load balancer. Reject their connections first.")),
            ],
        };
}
