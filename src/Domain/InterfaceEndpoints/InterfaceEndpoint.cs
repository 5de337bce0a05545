namespace PrivateLinkCloud.Domain.InterfaceEndpoints;

/// <summary>The nine states a tenant sees (rules §2.2).</summary>
public enum EndpointState { PendingAcceptance, Pending, Available, Partial, Rejected, Failed, Expired, Deleting, Deleted }

/// <summary>The one place where a provider and a consumer meet: one stream that both tenants' commands reach.</summary>
public sealed record InterfaceEndpoint(
    string Id, string Consumer, string Provider, string ServiceId, string ServiceName, string RegionId, string VpcId,
    IReadOnlyList<EndpointDoor> Doors, string RegionalName, string? Message, DateTimeOffset CreatedAt, EndpointState State) : IFold<InterfaceEndpoint>
{
    public int Version { get; init; }

    /// <summary>Counts what was asked of the zones for this endpoint. A report says something about the wish that was planned, and about no other.</summary>
    public int Wish { get; init; }

    /// <summary>Network interface → load balancer. Empty until accepted.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();
    public string? PrivateDnsName { get; init; }

    /// <summary>Zones seen to do what the plan says now.</summary>
    public IReadOnlyList<string> DeployedZoneIds { get; init; } = [];

    /// <summary>Zones that may still hold the door: accepted there, and not yet reported gone.</summary>
    public IReadOnlyList<string> HoldingZoneIds { get; init; } = [];
    public string? LastError { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? PartialAt { get; init; }
    public DateTimeOffset? FailedAt { get; init; }
    public DateTimeOffset? AcceptUntil { get; init; }
    public DateTimeOffset? CutAt { get; init; }
    public bool Drained { get; init; }

    /// <summary>Traffic needs "accepted, and not since rejected"; a failed endpoint stays in the plan, so that it can recover.</summary>
    public bool Accepted => State is EndpointState.Pending or EndpointState.Available or EndpointState.Partial or EndpointState.Failed;

    /// <summary>Doors stay in the plan while they drain.</summary>
    public bool InPlan => Accepted || (State == EndpointState.Deleting && !Drained);

    /// <summary>When time alone may change something; null when it cannot. Kept in the read model, so that finding what is due is one query.</summary>
    public DateTimeOffset? NextDeadline => State switch
    {
        EndpointState.PendingAcceptance => ExpiresAt,
        EndpointState.Pending => DeployedZoneIds.Count > 0 ? PartialAt : FailedAt,
        EndpointState.Partial => DeployedZoneIds.Count > 0 ? null : FailedAt,
        EndpointState.Deleting => Drained ? null : CutAt,
        _ => null,
    };

    public IEnumerable<string> ZoneIds => Doors.Select(d => d.ZoneId);

    public static IReadOnlyList<Type> EventTypes { get; } =
    [
        typeof(InterfaceEndpointRequested), typeof(EndpointConnectionAccepted), typeof(EndpointConnectionRejected), typeof(EndpointRequestExpired),
        typeof(EndpointPrivateDnsEnabled), typeof(EndpointPrivateDnsDisabled), typeof(EndpointZoneDeployed), typeof(EndpointZoneLost),
        typeof(EndpointBecameAvailable), typeof(EndpointBecamePartial), typeof(EndpointFailed), typeof(InterfaceEndpointDeleteRequested),
        typeof(EndpointDrained), typeof(EndpointZoneWithdrawn), typeof(InterfaceEndpointDeleted),
    ];

    public static InterfaceEndpoint? Evolve(InterfaceEndpoint? state, object @event) => Remember(state, @event) is { } next
        ? next with { Wish = next.Wish + (IsWish(@event) ? 1 : 0) } : null;

    /// <summary>Events that change what the zones should do; these are the ones for which an endpoint is planned again.</summary>
    public static bool IsWish(object @event) => @event is EndpointConnectionAccepted or EndpointConnectionRejected or EndpointPrivateDnsEnabled or EndpointPrivateDnsDisabled
        or InterfaceEndpointDeleteRequested or EndpointDrained;

    private static InterfaceEndpoint? Remember(InterfaceEndpoint? state, object @event) => (state, @event) switch
    {
        (_, InterfaceEndpointRequested e) => new InterfaceEndpoint(e.EndpointId, e.Consumer, e.Provider, e.ServiceId, e.ServiceName, e.RegionId, e.VpcId, e.Doors, e.RegionalName, e.Message, e.At, EndpointState.PendingAcceptance) { ExpiresAt = e.ExpiresAt },
        (null, _) => null,
        ({ } s, EndpointConnectionAccepted e) => s.EnterPending(e.PartialAt, e.FailedAt) with { Pins = e.Pins, HoldingZoneIds = s.ZoneIds.ToList() },
        ({ } s, EndpointConnectionRejected) => s with { State = EndpointState.Rejected, DeployedZoneIds = [] },
        ({ } s, EndpointRequestExpired) => s with { State = EndpointState.Expired },
        ({ } s, EndpointPrivateDnsEnabled e) => s.Modified(e.PartialAt, e.FailedAt) with { PrivateDnsName = e.PrivateDnsName },
        ({ } s, EndpointPrivateDnsDisabled e) => s.Modified(e.PartialAt, e.FailedAt) with { PrivateDnsName = null },
        ({ } s, EndpointZoneDeployed e) => s with { DeployedZoneIds = [.. s.DeployedZoneIds.Except([e.ZoneId]), e.ZoneId] },
        ({ } s, EndpointZoneLost e) => s with { DeployedZoneIds = [.. s.DeployedZoneIds.Where(z => z != e.ZoneId)], FailedAt = e.FailedAt },
        ({ } s, EndpointBecameAvailable) => s with { State = EndpointState.Available, LastError = null },
        ({ } s, EndpointBecamePartial e) => s with { State = EndpointState.Partial, LastError = $"Not ready in {string.Join(", ", e.MissingZoneIds)}." },
        ({ } s, EndpointFailed e) => s with { State = EndpointState.Failed, LastError = e.Reason },
        ({ } s, InterfaceEndpointDeleteRequested e) => s with { State = EndpointState.Deleting, AcceptUntil = e.AcceptUntil, CutAt = e.CutAt, Drained = !s.Accepted },
        ({ } s, EndpointDrained) => s with { Drained = true },
        ({ } s, EndpointZoneWithdrawn e) => s with { HoldingZoneIds = [.. s.HoldingZoneIds.Where(z => z != e.ZoneId)] },
        ({ } s, InterfaceEndpointDeleted) => s with { State = EndpointState.Deleted },
        _ => state,
    };

    /// <summary>A modify re-enters Pending and cuts nothing: the doors stay in the plan. Before acceptance it stays where it is.</summary>
    private InterfaceEndpoint Modified(DateTimeOffset partialAt, DateTimeOffset failedAt) => Accepted ? EnterPending(partialAt, failedAt) : this;

    private InterfaceEndpoint EnterPending(DateTimeOffset partialAt, DateTimeOffset failedAt) =>
        this with { State = EndpointState.Pending, DeployedZoneIds = [], PartialAt = partialAt, FailedAt = failedAt, LastError = null };
}
