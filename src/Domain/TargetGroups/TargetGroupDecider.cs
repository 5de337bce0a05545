using System.Net;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.TargetGroups;

/// <summary>The law of target groups (S-25, rules §2.6).</summary>
public static class TargetGroupDecider
{
    /// <summary>The vendor's quota of targets per load balancer (rules §2.6).</summary>
    public const int TargetsPerGroup = 3000;

    /// <summary>Claim scope that says who uses a target group; key = listener.</summary>
    public static string UseScope(string arn) => $"target-group-use/{arn}";

    public static Decision Create(TargetGroup? group, CreateTargetGroup c)
    {
        if (group is not null) return Rejection.Conflict("InvalidTargetGroup.Exists", "The id is taken.");
        if (!Names.IsResourceName(c.Name)) return Rejection.Invalid("InvalidTargetGroupName", $"'{c.Name}' is not a target group name. Use 1 to 32 letters, digits and inner hyphens.");
        if (c.Port is < 1 or > 65535) return InvalidPort(c.Port);
        if (Fault(c.HealthCheck, c.FastestInterval) is { } fault) return Rejection.Invalid("InvalidHealthCheck", fault);
        return Decision.Of(new TargetGroupCreated(c.TargetGroupId, c.Arn, c.Account, c.Vpc.Id, c.Name!, c.Port, c.HealthCheck, c.Now)) with
        {
            Claims =
            [
                new Claim($"target-group-name/{c.Account}", c.Name!, c.TargetGroupId, Rejection.Conflict("DuplicateTargetGroupName", $"You have a target group called '{c.Name}' already. Choose another name.")),
                new Claim(VpcDecider.UseScope(c.Vpc.Id), c.TargetGroupId, c.TargetGroupId, Rejection.NotFound("InvalidVpcID.NotFound", "VPC", c.Vpc.Id)),
            ],
        };
    }

    public static Decision Register(TargetGroup group, RegisterTargets c)
    {
        var added = new List<RegisteredTarget>();
        foreach (var wish in c.Targets)
        {
            var (target, rejection) = Resolve(group, c.Vpc, wish);
            if (rejection is not null) return rejection;
            var known = group.Targets.Concat(added).FirstOrDefault(t => t.Address == target!.Address && t.Port == target.Port);
            if (known is null) added.Add(target!);
            else if (known.ZoneId != target!.ZoneId) return Rejection.Conflict("TargetInAnotherZone", $"{known.Address}:{known.Port} is registered for another zone. Deregister it first.");
        }
        if (added.Count == 0) return Decision.Nothing;
        if (group.Targets.Count + added.Count > TargetsPerGroup) return new Rejection(RejectionKind.LimitExceeded, "TooManyTargets", $"A target group has at most {TargetsPerGroup} targets. Deregister some first, or use another group.");
        return Decision.Of(new TargetsRegistered(group.Id, added, c.Now));
    }

    public static Decision Deregister(TargetGroup group, DeregisterTargets c)
    {
        var gone = group.Targets.Where(t => c.Targets.Any(w => w.Address == t.Address && (w.Port ?? group.Port) == t.Port)).ToList();
        return gone.Count == 0 ? Decision.Nothing : Decision.Of(new TargetsDeregistered(group.Id, gone, c.Now));
    }

    public static Decision Delete(TargetGroup group, DeleteTargetGroup c) =>
        group.Deleted ? Decision.Nothing : Decision.Of(new TargetGroupDeleted(group.Id, c.Now)) with
        {
            Releases = [($"target-group-name/{group.Account}", null, group.Id), (VpcDecider.UseScope(group.VpcId), null, group.Id)],
            Unused = [(UseScope(group.Arn), Rejection.Conflict("ResourceInUse", "A listener still forwards to the target group. Delete the listener first."))],
        };

    private static (RegisteredTarget? Target, Rejection? Rejection) Resolve(TargetGroup group, Vpcs.Vpc vpc, TargetWish wish)
    {
        if (Addressing.ParseAddress(wish.Address) is not { } address) return (null, Rejection.Invalid("InvalidTarget", $"'{wish.Address}' is not an IPv4 address. Write it like 10.0.1.9."));
        var port = wish.Port ?? group.Port;
        if (port is < 1 or > 65535) return (null, InvalidPort(port));
        if (!Addressing.IsPrivate(address)) return (null, Rejection.Invalid("InvalidTarget", $"'{wish.Address}' is a public address. Targets have private ones (10/8, 100.64/10, 172.16/12, 192.168/16)."));
        var inside = IPNetwork.Parse(vpc.Cidr).Contains(address);
        var zone = inside ? vpc.SubnetOf(address)?.ZoneId : wish.ZoneId;
        return zone is not null ? (new RegisteredTarget(wish.Address!, port, zone), null)
            : inside ? (null, Rejection.Invalid("InvalidTarget", $"'{wish.Address}' is in none of the VPC's subnets. Create the subnet first."))
            : wish.ZoneName is null ? (null, Rejection.Invalid("InvalidTarget", $"'{wish.Address}' is outside the VPC. Say which availabilityZone it counts for."))
            : (null, Rejection.Invalid("InvalidParameterValue.AvailabilityZone", $"You have no zone '{wish.ZoneName}' in {vpc.RegionId}. GET /v1/zones lists yours."));
    }

    private static string? Fault(HealthCheckSettings check, double fastest) =>
        !(check.IntervalSeconds >= fastest && check.IntervalSeconds <= 300) ? $"intervalSeconds is {fastest} to 300."
        : !(check.TimeoutSeconds >= Math.Min(fastest, 2) && check.TimeoutSeconds <= 120) ? $"timeoutSeconds is {Math.Min(fastest, 2)} to 120."
        : check.HealthyThreshold is < 2 or > 10 || check.UnhealthyThreshold is < 2 or > 10 ? "Thresholds are 2 to 10."
        : null;

    private static Rejection InvalidPort(int port) => Rejection.Invalid("InvalidPort", $"{port} is not a port. Use 1 to 65535.");
}
