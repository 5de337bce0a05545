using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.InterfaceEndpoints;

/// <summary>
/// The law of interface endpoints: remembered × asked → events, or a refusal. Station 3 of the walk. The transitions are the table of
/// rules §2.2; a repeated wish is success without events.
/// <code>
///   PendingAcceptance ──accept──► Pending ──every zone reports──► Available ◄─┐
///     │      │   ▲                 │ │ │                            │  │      │ zones report
///  expires   └reject──► Rejected ◄─┘ │ └─some zones, after a while──┼─►Partial┘
///     ▼                    │         └──────no zone, longer─────────┼─►Failed ──zones report──► Partial/Available
///  Expired                 └──accept──► Pending    consumer modifies┘──► Pending (cuts nothing)
///  any ──consumer deletes──► Deleting ──drained, and every zone reports it gone──► Deleted
/// </code>
/// </summary>
public static class InterfaceEndpointDecider
{
    public static Decision Decide(InterfaceEndpoint? endpoint, object command) => (endpoint, command) switch
    {
        (_, RequestInterfaceEndpoint c) => Request(endpoint, c),
        ({ } e, AcceptEndpointConnection c) => Party(e, c.Actor) ?? Accept(e, c),
        ({ } e, RejectEndpointConnection c) => Party(e, c.Actor) ?? Reject(e, c),
        ({ } e, EnablePrivateDns c) => Party(e, c.Actor) ?? EnableName(e, c),
        ({ } e, DisablePrivateDns c) => Party(e, c.Actor) ?? DisableName(e, c),
        ({ } e, DeleteInterfaceEndpoint c) => Party(e, c.Actor) ?? Delete(e, c),
        ({ } e, ReportZoneDeployed c) => Deployed(e, c),
        ({ } e, ReportZoneWithdrawn c) => Withdrawn(e, c),
        ({ } e, ReportZoneLost c) => Lost(e, c),
        ({ } e, PassTime c) => Pass(e, c),
        (null, _) => NotFound(""),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    public static Rejection NotFound(string id) => Rejection.NotFound("InvalidVpcEndpointId.NotFound", "interface endpoint", id);

    /// <summary>S-61: not on the list reads exactly like not existing.</summary>
    public static Rejection ServiceNotFound(string? name) =>
        new(RejectionKind.NotFound, "InvalidServiceName", $"The VPC endpoint service '{name}' does not exist. Ask its provider for the name, and to allow your account.");

    // --- the consumer asks ---------------------------------------------------------------------------------------------------

    private static Decision Request(InterfaceEndpoint? endpoint, RequestInterfaceEndpoint c)
    {
        if (endpoint is not null) return Rejection.Conflict("InvalidVpcEndpointId.Exists", "The id is taken.");
        if (c.Service is null) return ServiceNotFound(c.ServiceName);
        if (c.Message is { Length: > 256 }) return Rejection.Invalid("InvalidMessage", "The message to the provider has at most 256 characters.");
        if (FaultOfDoors(c) is { } fault) return fault;
        if (c.PrivateDnsEnabled && FaultOfName(c.Service, c.Vpc) is { } unnamed) return unnamed;
        var events = new List<object>
        {
            new InterfaceEndpointRequested(c.EndpointId, c.Consumer, c.Service.Account, c.Service.Id, c.Service.Name, c.Vpc.RegionId, c.Vpc.Id, c.Doors, c.RegionalName, c.Message, c.Service.AcceptanceRequired, c.Now + c.Times.ExpireAfter, c.Now),
        };
        if (c.PrivateDnsEnabled) events.Add(new EndpointPrivateDnsEnabled(c.EndpointId, c.Consumer, c.Service.PrivateDnsName!, c.Now + c.Times.PartialAfter, c.Now + c.Times.FailAfter, c.Now));
        if (c.Service.AcceptanceRequired) return Decision.Of(events) with { Claims = ClaimsOf(c) };
        var accepted = AcceptedNow(c.EndpointId, c.Service.Account, c.Doors, c.LoadBalancers, c.Times, c.Now);
        return Decision.Of([.. events, accepted]) with { Claims = [.. ClaimsOf(c), .. PinClaims(accepted)] };
    }

    private static Rejection? FaultOfDoors(RequestInterfaceEndpoint c)
    {
        if (c.Doors.Count == 0) return Rejection.Invalid("MissingSubnet", "Name at least one subnet.");
        if (c.Doors.GroupBy(d => d.ZoneId).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return Rejection.Invalid("DuplicateSubnetsInSameZone", $"{string.Join(" and ", twice.Select(d => d.SubnetId))} are in the same zone. An endpoint has one subnet per zone.");
        var missing = c.Doors.FirstOrDefault(d => !Candidates(c.LoadBalancers, d.ZoneId).Any());
        return missing is null ? null : Rejection.Invalid("InvalidParameter.AvailabilityZone", $"The VPC endpoint service {c.Service!.Name} does not support the availability zone of the subnet: {missing.SubnetId}. GET /v1/endpoint-services/available lists its zones.");
    }

    private static List<Claim> ClaimsOf(RequestInterfaceEndpoint c)
    {
        var claims = c.Doors.Select(d => new Claim(VpcDecider.AddressScope(d.SubnetId), d.Address, d.NetworkInterfaceId, Rejection.Conflict("AddressInUse", $"{d.Address} was taken meanwhile. Ask again."))).ToList();
        claims.Add(LiveClaim(c.Service!.Id, c.EndpointId, ServiceNotFound(c.ServiceName)));
        claims.Add(new Claim(VpcScope(c.Vpc.Id), c.EndpointId, c.EndpointId, new Rejection(RejectionKind.LimitExceeded, "VpcEndpointLimitExceeded", $"A VPC has at most {c.EndpointsPerVpc} interface endpoints. Delete one, or ask the operator for more.")) { ScopeLimit = c.EndpointsPerVpc });
        if (c.PrivateDnsEnabled) claims.Add(NameClaim(c.Vpc.Id, c.Service.PrivateDnsName!, c.EndpointId));
        return claims;
    }

    private static Decision EnableName(InterfaceEndpoint e, EnablePrivateDns c)
    {
        if (c.Actor != e.Consumer) return NotYours("The consumer who requested the endpoint decides about its private name.");
        if (Unmodifiable(e) is { } refusal) return refusal;
        if (c.Service is null) return ServiceGone;
        if (FaultOfName(c.Service, c.Vpc) is { } fault) return fault;
        if (e.PrivateDnsName == c.Service.PrivateDnsName) return Decision.Nothing;
        return Decision.Of(new EndpointPrivateDnsEnabled(e.Id, c.Actor, c.Service.PrivateDnsName!, c.Now + c.Times.PartialAfter, c.Now + c.Times.FailAfter, c.Now)) with
        {
            Claims = [NameClaim(e.VpcId, c.Service.PrivateDnsName!, e.Id)],
            Releases = e.PrivateDnsName is { } old ? [(NameScope(e.VpcId), old, e.Id)] : [],
        };
    }

    private static Decision DisableName(InterfaceEndpoint e, DisablePrivateDns c)
    {
        if (c.Actor != e.Consumer) return NotYours("The consumer who requested the endpoint decides about its private name.");
        if (Unmodifiable(e) is { } refusal) return refusal;
        if (e.PrivateDnsName is not { } name) return Decision.Nothing;
        return Decision.Of(new EndpointPrivateDnsDisabled(e.Id, c.Actor, c.Now + c.Times.PartialAfter, c.Now + c.Times.FailAfter, c.Now)) with { Releases = [(NameScope(e.VpcId), name, e.Id)] };
    }

    private static Decision Delete(InterfaceEndpoint e, DeleteInterfaceEndpoint c)
    {
        if (c.Actor != e.Consumer) return NotYours("Only the consumer who requested an endpoint deletes it. Reject its connection instead.");
        if (e.State is EndpointState.Deleting or EndpointState.Deleted) return Decision.Nothing;
        var acceptUntil = e.Accepted ? c.Now + c.Times.DnsTtl : c.Now;
        var requested = new InterfaceEndpointDeleteRequested(e.Id, c.Actor, acceptUntil, e.Accepted ? acceptUntil + c.Times.Drain : c.Now, c.Now);
        return e.HoldingZoneIds.Count == 0 ? Gone(e, c.Now, requested) : Decision.Of(requested);
    }

    // --- the provider answers ------------------------------------------------------------------------------------------------

    private static Decision Accept(InterfaceEndpoint e, AcceptEndpointConnection c)
    {
        if (c.Actor != e.Provider) return NotYours("Only the provider of the service accepts connections to it.");
        if (e.Accepted && e.State != EndpointState.Failed) return Decision.Nothing;
        if (e.State is not (EndpointState.PendingAcceptance or EndpointState.Rejected)) return WrongState(e, "accepted");
        if (c.LoadBalancers.Count == 0) return ServiceGone;
        if (e.Doors.FirstOrDefault(d => !Candidates(c.LoadBalancers, d.ZoneId).Any()) is { } door)
            return Rejection.Conflict("ZoneWithoutLoadBalancer", $"None of the service's load balancers has a node in {door.ZoneId} any more, where the endpoint has an interface. Add one first.");
        var accepted = AcceptedNow(e.Id, c.Actor, e.Doors, c.LoadBalancers, c.Times, c.Now);
        return Decision.Of(accepted) with { Claims = [LiveClaim(e.ServiceId, e.Id, ServiceGone), .. PinClaims(accepted)] };
    }

    private static Decision Reject(InterfaceEndpoint e, RejectEndpointConnection c) =>
        c.Actor != e.Provider ? NotYours("Only the provider of the service rejects connections to it.")
        // A failed endpoint is still in the plan and would recover: rejecting it must close it (rules §2.2 has a no-op there; see DECISIONS).
        : e.State is EndpointState.Rejected or EndpointState.Expired ? Decision.Nothing
        : e.State is EndpointState.Deleting or EndpointState.Deleted ? WrongState(e, "rejected")
        : Decision.Of(new EndpointConnectionRejected(e.Id, c.Actor, c.Now)) with { Releases = [.. PinReleases(e), LiveRelease(e)] };

    private static EndpointConnectionAccepted AcceptedNow(string endpointId, string by, IReadOnlyList<EndpointDoor> doors, IReadOnlyList<LoadBalancer> loadBalancers, EndpointTimes times, DateTimeOffset now) =>
        new(endpointId, by, doors.ToDictionary(d => d.NetworkInterfaceId, d => Rendezvous.Choose(d.NetworkInterfaceId, Candidates(loadBalancers, d.ZoneId).Select(l => l.Id))), now + times.PartialAfter, now + times.FailAfter, now);

    private static IEnumerable<LoadBalancer> Candidates(IReadOnlyList<LoadBalancer> loadBalancers, string zoneId) =>
        loadBalancers.Where(l => !l.Deleted && l.Nodes.Any(n => n.ZoneId == zoneId));

    // --- the zones report, the clock ticks -----------------------------------------------------------------------------------

    private static Decision Deployed(InterfaceEndpoint e, ReportZoneDeployed c)
    {
        if (!e.Accepted || !e.ZoneIds.Contains(c.ZoneId)) return WrongState(e, "deployed");
        if (e.DeployedZoneIds.Contains(c.ZoneId)) return Decision.Nothing;
        var deployed = new EndpointZoneDeployed(e.Id, c.ZoneId, c.AgentId, c.Revision, c.Now);
        var missing = e.ZoneIds.Except(e.DeployedZoneIds).Except([c.ZoneId]).ToList();
        if (missing.Count == 0) return Decision.Of(deployed, new EndpointBecameAvailable(e.Id, c.Now));
        var late = e.State == EndpointState.Failed || (e.State == EndpointState.Pending && c.Now >= e.PartialAt);
        return late ? Decision.Of(deployed, new EndpointBecamePartial(e.Id, missing, c.Now)) : Decision.Of(deployed);
    }

    private static Decision Withdrawn(InterfaceEndpoint e, ReportZoneWithdrawn c)
    {
        if (e.InPlan) return WrongState(e, "withdrawn");
        if (!e.HoldingZoneIds.Contains(c.ZoneId)) return Decision.Nothing;
        var withdrawn = new EndpointZoneWithdrawn(e.Id, c.ZoneId, c.Now);
        return e.State == EndpointState.Deleting && e.HoldingZoneIds.Count == 1 ? Gone(e, c.Now, withdrawn) : Decision.Of(withdrawn);
    }

    private static Decision Lost(InterfaceEndpoint e, ReportZoneLost c)
    {
        if (e.State is not (EndpointState.Available or EndpointState.Partial or EndpointState.Pending) || !e.DeployedZoneIds.Contains(c.ZoneId)) return Decision.Nothing;
        var lost = new EndpointZoneLost(e.Id, c.ZoneId, c.Now + c.Times.FailAfter, c.Now);
        if (e.State == EndpointState.Pending) return Decision.Of(lost);
        return Decision.Of(lost, new EndpointBecamePartial(e.Id, [.. e.ZoneIds.Except(e.DeployedZoneIds), c.ZoneId], c.Now));
    }

    private static Decision Pass(InterfaceEndpoint e, PassTime c)
    {
        if (e.NextDeadline is not { } due || c.Now < due) return Decision.Nothing;
        var missing = e.ZoneIds.Except(e.DeployedZoneIds).ToList();
        return e.State switch
        {
            EndpointState.PendingAcceptance => Decision.Of(new EndpointRequestExpired(e.Id, c.Now)) with { Releases = [LiveRelease(e)] },
            EndpointState.Pending when e.DeployedZoneIds.Count > 0 => Decision.Of(new EndpointBecamePartial(e.Id, missing, c.Now)),
            EndpointState.Pending or EndpointState.Partial => Decision.Of(new EndpointFailed(e.Id, "No zone agent has reported the endpoint as deployed.", c.Now)),
            EndpointState.Deleting => Decision.Of(new EndpointDrained(e.Id, c.Now)) with { Releases = [.. PinReleases(e), LiveRelease(e)] },
            _ => Decision.Nothing,
        };
    }

    // --- what they share -----------------------------------------------------------------------------------------------------

    private static Decision Gone(InterfaceEndpoint e, DateTimeOffset now, object before) => Decision.Of(before, new InterfaceEndpointDeleted(e.Id, now)) with
    {
        Releases =
        [
            .. e.Doors.Select(d => (VpcDecider.AddressScope(d.SubnetId), (string?)d.Address, d.NetworkInterfaceId)),
            LiveRelease(e),
            (VpcScope(e.VpcId), e.Id, e.Id),
            (NameScope(e.VpcId), null, e.Id),
        ],
    };

    /// <summary>What is not yours does not exist.</summary>
    private static Decision? Party(InterfaceEndpoint e, string actor) => actor == e.Consumer || actor == e.Provider ? null : (Decision)NotFound(e.Id);

    private static Rejection ServiceGone => Rejection.Conflict("InvalidVpcEndpointService.NotFound", "The endpoint service is gone: its provider has deleted it. Delete the endpoint.");
    private static Rejection NotYours(string reason) => new(RejectionKind.Forbidden, "OperationNotPermitted", reason);
    private static Rejection WrongState(InterfaceEndpoint e, string wish) => Rejection.Conflict("InvalidState", $"The endpoint is {e.State} and cannot be {wish}. {Remedy(e.State)}");

    private static string Remedy(EndpointState state) => state switch
    {
        EndpointState.Rejected => "Its service's provider can accept it again.",
        EndpointState.Failed => "Wait until an agent of one of its zones reports it, or let the consumer request a new one.",
        EndpointState.Expired or EndpointState.Deleting or EndpointState.Deleted => "It does not come back: let the consumer request a new one.",
        _ => "Look at what it is now, and decide again.",
    };

    private static Rejection? Unmodifiable(InterfaceEndpoint e) =>
        e.State is EndpointState.PendingAcceptance or EndpointState.Pending or EndpointState.Available or EndpointState.Partial ? null : WrongState(e, "modified");

    private static Rejection? FaultOfName(EndpointService service, Vpc vpc) =>
        service.PrivateDnsName is null ? Rejection.Invalid("PrivateDnsNameNotSet", "The service offers no private DNS name. Leave private DNS off, or ask its provider for a name.")
        : service.PrivateDnsNameState != PrivateDnsNameState.Verified ? Rejection.Conflict("PrivateDnsNameNotVerified", $"The provider's ownership of {service.PrivateDnsName} is not verified yet. Leave private DNS off until it is; the provider asks the platform operator to confirm it.")
        : !vpc.EnableDnsSupport || !vpc.EnableDnsHostnames ? Rejection.Conflict("InvalidParameter", $"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames of {vpc.Id} to be true.")
        : null;

    /// <summary>Held as long as the doors are in the plan: a load balancer that was looked up may be deleted before this is stored.</summary>
    private static List<Claim> PinClaims(EndpointConnectionAccepted accepted) => [.. accepted.Pins.Select(p => new Claim(LoadBalancerDecider.PinScope(p.Value), p.Key, p.Key,
        Rejection.Conflict("ZoneWithoutLoadBalancer", "The load balancer chosen for a zone is being deleted. Try again.")))];

    private static List<(string, string?, string)> PinReleases(InterfaceEndpoint e) => e.InPlan ? [.. e.Pins.Select(p => (LoadBalancerDecider.PinScope(p.Value), (string?)p.Key, p.Key))] : [];

    /// <summary>Keeps the service while the endpoint may be served. Rejected and expired ones do not: a consumer must not hold a provider's service.</summary>
    private static Claim LiveClaim(string serviceId, string endpointId, Rejection gone) => new(EndpointServiceDecider.LiveEndpointScope(serviceId), endpointId, endpointId, gone);
    private static (string, string?, string) LiveRelease(InterfaceEndpoint e) => (EndpointServiceDecider.LiveEndpointScope(e.ServiceId), e.Id, e.Id);

    private static string NameScope(string vpcId) => $"private-name/{vpcId}";
    private static string VpcScope(string vpcId) => $"vpc-endpoint/{vpcId}";

    private static Claim NameClaim(string vpcId, string name, string endpointId) => new(NameScope(vpcId), name, endpointId,
        Rejection.Conflict("PrivateDnsNameInUse", $"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {name} in the VPC {vpcId}"));
}
