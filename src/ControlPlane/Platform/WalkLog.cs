using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>One record per station of the walk (house §4) and endpoint, so that anyone can follow a command through the processes' own logs.
/// EventId = 1000 + station. Other aggregates' commands leave no such records.</summary>
public sealed partial class WalkLog(ILogger<WalkLog> log)
{
    private static bool IsEndpoint(string streamId) => streamId.StartsWith("vpce-", StringComparison.Ordinal) && !streamId.StartsWith("vpce-svc-", StringComparison.Ordinal) && !streamId.StartsWith("vpce-nfn-", StringComparison.Ordinal);

    public void Asked(string endpointId, string command, string caller) => LogAsked(log, endpointId, command, caller);

    public void Decided(string streamId, string command)
    {
        if (IsEndpoint(streamId)) LogDecided(log, streamId, command);
    }

    public void Stored(string streamId, string command, IReadOnlyList<object> events, object state)
    {
        if (state is not InterfaceEndpoint endpoint) return;
        LogHandled(log, streamId, command);
        LogStored(log, streamId, command, string.Join(", ", events.Select(e => e.GetType().Name)));
        LogSeen(log, streamId, command, endpoint.State);
    }

    public void Planned(string endpointId, string zoneId, long revision, int entries) => LogPlanned(log, endpointId, zoneId, revision, entries);
    public void Rung(string endpointId, string zoneId, long revision) => LogRung(log, endpointId, zoneId, revision);
    public void Reported(string endpointId, string zoneId, string agentId, long revision) => LogReported(log, endpointId, zoneId, agentId, revision);

    [LoggerMessage(1001, LogLevel.Information, "{EndpointId}: {Caller} asks {Command}")]
    private static partial void LogAsked(ILogger log, string endpointId, string command, string caller);

    [LoggerMessage(1002, LogLevel.Information, "{EndpointId}: {Command} handled, one transaction")]
    private static partial void LogHandled(ILogger log, string endpointId, string command);

    [LoggerMessage(1003, LogLevel.Information, "{EndpointId}: {Command} decided")]
    private static partial void LogDecided(ILogger log, string endpointId, string command);

    [LoggerMessage(1004, LogLevel.Information, "{EndpointId}: {Command} stored {Events}")]
    private static partial void LogStored(ILogger log, string endpointId, string command, string events);

    [LoggerMessage(1005, LogLevel.Information, "{EndpointId}: {Command} left it {State}")]
    private static partial void LogSeen(ILogger log, string endpointId, string command, EndpointState state);

    [LoggerMessage(1006, LogLevel.Information, "{EndpointId}: {Entries} entries planned for {ZoneId} at revision {Revision}")]
    private static partial void LogPlanned(ILogger log, string endpointId, string zoneId, long revision, int entries);

    [LoggerMessage(1007, LogLevel.Information, "{EndpointId}: doorbell rung in {ZoneId} for revision {Revision}")]
    private static partial void LogRung(ILogger log, string endpointId, string zoneId, long revision);

    [LoggerMessage(1010, LogLevel.Information, "{EndpointId}: {AgentId} reports {ZoneId} at revision {Revision}")]
    private static partial void LogReported(ILogger log, string endpointId, string zoneId, string agentId, long revision);
}
