namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Everything the control plane can say, the walk's stations aside.</summary>
public static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "A doorbell was dropped; the zone's agents will look by themselves: {Reason}")]
    public static partial void DoorbellDropped(this ILogger log, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Letting time pass failed; the next tick tries again")]
    public static partial void TickFailed(this ILogger log, Exception e);

    [LoggerMessage(2003, LogLevel.Warning, "Due notifications wait for the broker: {Reason}")]
    public static partial void NotificationsWait(this ILogger log, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Migration {Number} {Name} applied")]
    public static partial void MigrationApplied(this ILogger log, string number, string name);

    [LoggerMessage(2006, LogLevel.Warning, "Housekeeping failed; the next round tries again")]
    public static partial void HousekeepingFailed(this ILogger log, Exception e);

    [LoggerMessage(2005, LogLevel.Error, "A request failed")]
    public static partial void RequestFailed(this ILogger log, Exception e);
}
