using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Everything the agent can say. 1000–1019 are records of the walk (the last two digits name the station); scripts read them.</summary>
internal static partial class Log
{
    /// <summary>Station 8: a changed door is in force.</summary>
    [LoggerMessage(1008, LogLevel.Information, "applied {EndpointId} in zone {Zone} at revision {Revision} ({Diff})")]
    public static partial void DoorApplied(this ILogger logger, string endpointId, string zone, long revision, string diff);

    /// <summary>Station 9: the first flow through a door has reached a target.</summary>
    [LoggerMessage(1009, LogLevel.Information, "first flow through {EndpointId} in zone {Zone} reached {Target}")]
    public static partial void FirstFlow(this ILogger logger, string endpointId, string zone, string target);

    [LoggerMessage(1019, LogLevel.Information, "the door of {EndpointId} in zone {Zone} passes the probe")]
    public static partial void FirstPass(this ILogger logger, string endpointId, string zone);

    [LoggerMessage(1100, LogLevel.Information, "agent {AgentId} of zone {Zone} starts, instance {Instance}")]
    public static partial void Starting(this ILogger logger, string agentId, string zone, string instance);

    [LoggerMessage(1101, LogLevel.Information, "plan of epoch {Epoch} at revision {Revision} in force: {Diff}, {Troubles} in trouble, {Milliseconds} ms")]
    public static partial void PlanApplied(this ILogger logger, string epoch, long revision, string diff, int troubles, double milliseconds);

    [LoggerMessage(1102, LogLevel.Warning, "plan refused, what was in force stays: {Reason}")]
    public static partial void PlanRefused(this ILogger logger, string reason);

    [LoggerMessage(1103, LogLevel.Warning, "{Key} could not be put in force: {Reason}")]
    public static partial void Trouble(this ILogger logger, string key, string reason);

    [LoggerMessage(1104, LogLevel.Warning, "the plan on disk was damaged: {Damage}")]
    public static partial void PlanOnDiskDamaged(this ILogger logger, string damage);

    [LoggerMessage(1105, LogLevel.Error, "the plan is in force but could not be kept on disk; a restart would come up with an older one")]
    public static partial void PlanNotKept(this ILogger logger, Exception exception);

    [LoggerMessage(1106, LogLevel.Warning, "no plan from {ControlPlane}: {Reason}")]
    public static partial void FetchFailed(this ILogger logger, Uri controlPlane, string reason);

    [LoggerMessage(1107, LogLevel.Warning, "report not taken by {ControlPlane}: {Reason}")]
    public static partial void ReportFailed(this ILogger logger, Uri controlPlane, string reason);

    [LoggerMessage(1108, LogLevel.Information, "target {Target} of {TargetGroup} is {State} ({Reason})")]
    public static partial void TargetHealth(this ILogger logger, string target, string targetGroup, string state, string reason);

    [LoggerMessage(1109, LogLevel.Debug, "flow through {EndpointId} from {Client} to {Target} ended: {End}, {ToTarget} B out, {ToConsumer} B back")]
    public static partial void FlowEnded(this ILogger logger, string endpointId, string client, string target, string end, long toTarget, long toConsumer);

    [LoggerMessage(1110, LogLevel.Error, "the reconciler failed; it will be tried again")]
    public static partial void ReconcileFailed(this ILogger logger, Exception exception);

    /// <summary>What an endpoint's flows added up to since its last such line; <c>Open</c> is how many there are now.</summary>
    [LoggerMessage(1114, LogLevel.Information, "flows through {EndpointId} in zone {Zone}: {Started} started, {Ended} ended ({Ends}), {Open} open, {ToTarget} B out, {ToConsumer} B back")]
    public static partial void FlowCounters(
        this ILogger logger, string endpointId, string zone, long started, long ended, string ends, long open, long toTarget, long toConsumer);

    /// <summary>The category names the loop.</summary>
    [LoggerMessage(1113, LogLevel.Error, "a turn failed for an unforeseen reason; the next one comes")]
    public static partial void TurnFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1111, LogLevel.Information, "reading the plan file {File} again: {Why}")]
    public static partial void PlanFileRead(this ILogger logger, string file, string why);

    [LoggerMessage(1112, LogLevel.Information, "the door of {EndpointId} {Address} {Change}")]
    public static partial void DoorPassing(this ILogger logger, string endpointId, string address, string change);
}
