using PrivateLinkCloud.Domain.LoadBalancers;

namespace PrivateLinkCloud.Domain.EndpointServices;

/// <summary>The law of endpoint services (S-16, S-61, S-62, rules §2.3).</summary>
public static class EndpointServiceDecider
{
    /// <summary>The vendor's quota of allowed principals per service is 50; ours is wider, because a SaaS provider lists every customer.</summary>
    public const int PrincipalsPerService = 1000;

    /// <summary>Claim scope of the endpoints that wait for acceptance or have doors in the plan; key = owner = endpoint id.</summary>
    public static string LiveEndpointScope(string serviceId) => $"live-endpoint/{serviceId}";

    public static Decision Decide(EndpointService? service, object command) => (service, command) switch
    {
        (_, CreateEndpointService c) => Create(service, c),
        ({ }, ModifyEndpointService c) => Modify(service, c),
        ({ }, ModifyEndpointServicePermissions c) => ModifyPermissions(service, c),
        ({ }, ConfirmPrivateDnsName c) => Confirm(service, c),
        ({ }, DeleteEndpointService c) => Delete(service, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static Decision Create(EndpointService? service, CreateEndpointService c)
    {
        if (service is not null) return Rejection.Conflict("InvalidVpcEndpointServiceId.Exists", "The id is taken.");
        if (c.LoadBalancers.Count == 0) return NoLoadBalancer;
        if (FaultOfRegion(c.LoadBalancers, c.RegionId) is { } elsewhere) return elsewhere;
        if (FaultOfName(c.PrivateDnsName, c.Naming) is { } fault) return fault;
        var arns = c.LoadBalancers.Select(l => l.Arn).Distinct().ToList();
        var created = new EndpointServiceCreated(c.ServiceId, c.ServiceName, c.Account, c.RegionId, arns, c.AcceptanceRequired, c.Now);
        var claims = arns.Select(a => LoadBalancerClaim(a, c.ServiceId)).ToList();
        return (c.PrivateDnsName is { Length: > 0 } ? Decision.Of(created, new EndpointServicePrivateDnsNameSet(c.ServiceId, c.PrivateDnsName, c.Now)) : Decision.Of(created)) with { Claims = claims, Releases = [.. arns.Select(ReopenPins)] };
    }

    private static Decision Modify(EndpointService service, ModifyEndpointService c)
    {
        var events = new List<object>();
        if (c.AcceptanceRequired is { } required && required != service.AcceptanceRequired) events.Add(new EndpointServiceAcceptanceSet(service.Id, required, c.Now));
        var arns = c.LoadBalancers?.Select(l => l.Arn).Distinct().ToList() ?? service.LoadBalancerArns;
        if (arns.Count == 0) return NoLoadBalancer;
        if (FaultOfRegion(c.LoadBalancers ?? [], service.RegionId) is { } elsewhere) return elsewhere;
        if (!arns.SequenceEqual(service.LoadBalancerArns)) events.Add(new EndpointServiceLoadBalancersSet(service.Id, arns.ToList(), c.Now));
        if (FaultOfName(c.PrivateDnsName, c.Naming) is { } fault) return fault;
        var wanted = c.PrivateDnsName is null ? service.PrivateDnsName : c.PrivateDnsName.Length == 0 ? null : c.PrivateDnsName;
        if (wanted != service.PrivateDnsName) events.Add(new EndpointServicePrivateDnsNameSet(service.Id, wanted, c.Now));
        return Decision.Of(events) with
        {
            Claims = [.. arns.Except(service.LoadBalancerArns).Select(a => LoadBalancerClaim(a, service.Id))],
            Releases = [.. service.LoadBalancerArns.Except(arns).Select(a => (LoadBalancerDecider.ServiceScope(a), (string?)null, service.Id)), .. arns.Except(service.LoadBalancerArns).Select(ReopenPins)],
            // Closed, so that an accept that still saw it among the service's cannot pin an endpoint to it afterwards.
            Unused = [.. service.LoadBalancerArns.Except(arns).Select(a => (LoadBalancerDecider.PinScope(Names.IdOfArn(a)), Rejection.Conflict("ExistingVpcEndpointConnections", $"Endpoints are pinned to {a}. Reject their connections before taking it out.")))],
        };
    }

    private static Decision ModifyPermissions(EndpointService service, ModifyEndpointServicePermissions c)
    {
        if (c.Add.FirstOrDefault(p => !Names.IsPrincipal(c.Naming.Partition, p)) is { } wrong)
            return Rejection.Invalid("InvalidPrincipal", $"'{wrong}' is not a principal. Use arn:{c.Naming.Partition}:iam::<account>:root, :user/<name>, :role/<name> or *.");
        var added = c.Add.Except(service.AllowedPrincipals).Except(c.Remove).Distinct().ToList();
        var removed = c.Remove.Intersect(service.AllowedPrincipals).ToList();
        if (service.AllowedPrincipals.Count + added.Count - removed.Count > PrincipalsPerService)
            return new Rejection(RejectionKind.LimitExceeded, "VpcEndpointServicePermissionLimitExceeded", $"A service has at most {PrincipalsPerService} allowed principals. Remove some first.");
        // Removing a principal does not cut existing connections (rules §2.2): nothing else happens here.
        return Decision.Of(
        [
            .. added.Count > 0 ? [new EndpointServicePrincipalsAllowed(service.Id, added, c.Now)] : Array.Empty<object>(),
            .. removed.Count > 0 ? [new EndpointServicePrincipalsRemoved(service.Id, removed, c.Now)] : Array.Empty<object>(),
        ]);
    }

    private static Decision Confirm(EndpointService service, ConfirmPrivateDnsName c) =>
        service.PrivateDnsName is not { } name ? Rejection.Conflict("PrivateDnsNameNotSet", "The service has no private DNS name to confirm. Its provider sets one first.")
        : name != c.Name ? Rejection.Conflict("PrivateDnsNameDiffers", $"The service's private DNS name is '{name}' now. Look who owns that, and confirm it by that name.")
        : service.PrivateDnsNameState == PrivateDnsNameState.Verified ? Decision.Nothing
        : Decision.Of(new EndpointServicePrivateDnsNameConfirmed(service.Id, name, c.By, c.Now));

    private static Decision Delete(EndpointService service, DeleteEndpointService c) =>
        service.Deleted ? Decision.Nothing : Decision.Of(new EndpointServiceDeleted(service.Id, c.Now)) with
        {
            Releases = [.. service.LoadBalancerArns.Select(a => (LoadBalancerDecider.ServiceScope(a), (string?)null, service.Id))],
            Unused = [(LiveEndpointScope(service.Id), Rejection.Conflict("ExistingVpcEndpointConnections", "Service has existing active VPC Endpoint connections! Reject them first; those being deleted end by themselves."))],
        };

    private static Claim LoadBalancerClaim(string arn, string serviceId) =>
        new(LoadBalancerDecider.ServiceScope(arn), "service", serviceId, Rejection.Conflict("LoadBalancerInUse", $"{arn} belongs to another endpoint service. A load balancer belongs to at most one."));

    /// <summary>A load balancer that comes to a service may be pinned to, even if it left another one before.</summary>
    private static (string, string?, string) ReopenPins(string arn) => (LoadBalancerDecider.PinScope(Names.IdOfArn(arn)), Claim.ClosedMark, Claim.ClosedMark);

    private static Rejection? FaultOfRegion(IReadOnlyList<LoadBalancer> loadBalancers, string regionId) =>
        loadBalancers.FirstOrDefault(l => Names.RegionOfArn(l.Arn) != regionId) is { } other
            ? Rejection.Invalid("InvalidLoadBalancerRegion", $"{other.Arn} is not in {regionId}. The load balancers of one service are in one region.") : null;

    /// <summary>Names below the endpoints' own domain are ours to give: such a name would stand in for another endpoint's.</summary>
    private static Rejection? FaultOfName(string? name, Naming naming) =>
        string.IsNullOrEmpty(name) ? null
        : !Names.IsDnsName(name) ? InvalidName(name)
        : name == naming.EndpointDomain || name.EndsWith($".{naming.EndpointDomain}", StringComparison.Ordinal)
            ? Rejection.Invalid("InvalidPrivateDnsName", $"'{name}' is below {naming.EndpointDomain}, where endpoints get their own names. Use a name of your own domain.") : null;

    private static Rejection NoLoadBalancer => Rejection.Invalid("MissingLoadBalancer", "Name at least one network load balancer.");
    private static Rejection InvalidName(string name) => Rejection.Invalid("InvalidPrivateDnsName", $"'{name}' is not a DNS name. Use lower case letters, digits and hyphens, like db.example.com.");
}
