using PrivateLinkCloud.Domain.InterfaceEndpoints;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>How each of the nine states comes about: the shortest history that leads there, as events.</summary>
internal static class EndpointStates
{
    public static readonly DateTimeOffset PartialAt = Now + Times.PartialAfter;
    public static readonly DateTimeOffset FailedAt = Now + Times.FailAfter;

    public static readonly InterfaceEndpointRequested Requested = new(EndpointId, Consumer, Provider, ServiceId, ServiceName, RegionId, ConsumerVpcId, Doors, Request.RegionalName, "please", true, Now + Times.ExpireAfter, Now);
    public static readonly EndpointConnectionAccepted Accepted = new(EndpointId, Provider, Doors.ToDictionary(d => d.NetworkInterfaceId, _ => Balancer.Id), PartialAt, FailedAt, Now);
    public static readonly EndpointZoneDeployed DeployedInA = new(EndpointId, ZoneA, "agent-1", 7, Now);
    public static readonly EndpointZoneDeployed DeployedInB = new(EndpointId, ZoneB, "agent-1", 7, Now);
    public static readonly EndpointConnectionRejected Rejected = new(EndpointId, Provider, Now);
    public static readonly InterfaceEndpointDeleteRequested DeleteRequested = new(EndpointId, Consumer, Now + Times.DnsTtl, Now + Times.DnsTtl + Times.Drain, Now);

    public static object[] HistoryOf(EndpointState state) => state switch
    {
        EndpointState.PendingAcceptance => [Requested],
        EndpointState.Pending => [Requested, Accepted],
        EndpointState.Available => [Requested, Accepted, DeployedInA, DeployedInB, new EndpointBecameAvailable(EndpointId, Now)],
        EndpointState.Partial => [Requested, Accepted, DeployedInA, new EndpointBecamePartial(EndpointId, [ZoneB], Now)],
        EndpointState.Rejected => [Requested, Rejected],
        EndpointState.Failed => [Requested, Accepted, new EndpointFailed(EndpointId, "No zone agent has reported the endpoint as deployed.", FailedAt)],
        EndpointState.Expired => [Requested, new EndpointRequestExpired(EndpointId, Requested.ExpiresAt)],
        EndpointState.Deleting => [Requested, Accepted, DeleteRequested],
        EndpointState.Deleted =>
        [
            Requested, Accepted, DeleteRequested, new EndpointDrained(EndpointId, DeleteRequested.CutAt),
            new EndpointZoneWithdrawn(EndpointId, ZoneA, Now), new EndpointZoneWithdrawn(EndpointId, ZoneB, Now), new InterfaceEndpointDeleted(EndpointId, Now),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    public static Story<InterfaceEndpoint> In(EndpointState state) => Laws.Endpoints.Given(HistoryOf(state));

    /// <summary>Any history, e.g. one that no state's shortest way shows.</summary>
    public static Story<InterfaceEndpoint> After(params IReadOnlyList<object> events) => Laws.Endpoints.Given(events);
}
