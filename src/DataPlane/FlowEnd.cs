namespace PrivateLinkCloud.DataPlane;

/// <summary>How a flow ended. A closed list: every flow ends with exactly one of these, and each has one culprit (<see cref="FlowEnds.Culprit"/>).</summary>
public enum FlowEnd
{
    /// <summary>Both sides finished; the consumer closed first.</summary>
    ConsumerClosed,

    /// <summary>Both sides finished; the target closed first.</summary>
    TargetClosed,

    /// <summary>The consumer sent a reset; the target got one too.</summary>
    ConsumerReset,

    /// <summary>The target sent a reset; the consumer got one too.</summary>
    TargetReset,

    /// <summary>The consumer's host stopped acknowledging and the kernel gave up.</summary>
    ConsumerLost,

    /// <summary>The target's host stopped acknowledging and the kernel gave up.</summary>
    TargetLost,

    /// <summary>Every target tried refused; the last one's answer counts.</summary>
    TargetRefused,

    /// <summary>No target tried answered within the connect timeout; the last one's silence counts.</summary>
    TargetTimeout,

    /// <summary>The provider's network said there is no way to the last target tried.</summary>
    TargetUnreachable,

    /// <summary>No target of the zone (of any zone when cross-zone is on) is in service.</summary>
    NoHealthyTarget,

    /// <summary>The flow's target failed its health checks; the vendor's default terminates its connections (rules §2.6).</summary>
    TargetUnhealthy,

    /// <summary>No byte either way for the listener's idle timeout.</summary>
    IdleTimeout,

    /// <summary>The door left the plan.</summary>
    PlanWithdrawn,

    /// <summary>The load balancer no longer listens on the port.</summary>
    ListenerRemoved,

    /// <summary>The door drained and its time was up (<see cref="Door.CutAt"/>).</summary>
    DrainExpired,

    /// <summary>This relay was stopped.</summary>
    RelayStopped,

    /// <summary>All source ports from the node's address to the target are taken (the vendor's PortAllocationErrorCount).</summary>
    SourcePortsExhausted,

    /// <summary>The node's network or address is not there, so nothing can be dialled from it.</summary>
    SourceUnavailable,

    /// <summary>This process has no file descriptor or memory left for the second socket.</summary>
    RelayExhausted,
}

/// <summary>Who made a flow end: where an operator should look first.</summary>
public enum Culprit { Consumer, Target, Plan, Relay }

public static class FlowEnds
{
    public static Culprit Culprit(FlowEnd end) => end switch
    {
        FlowEnd.ConsumerClosed or FlowEnd.ConsumerReset or FlowEnd.ConsumerLost => DataPlane.Culprit.Consumer,
        FlowEnd.TargetClosed or FlowEnd.TargetReset or FlowEnd.TargetLost or FlowEnd.TargetRefused or FlowEnd.TargetTimeout
            or FlowEnd.TargetUnreachable or FlowEnd.NoHealthyTarget or FlowEnd.TargetUnhealthy => DataPlane.Culprit.Target,
        FlowEnd.PlanWithdrawn or FlowEnd.ListenerRemoved or FlowEnd.DrainExpired or FlowEnd.IdleTimeout => DataPlane.Culprit.Plan,
        FlowEnd.RelayStopped or FlowEnd.SourcePortsExhausted or FlowEnd.SourceUnavailable or FlowEnd.RelayExhausted => DataPlane.Culprit.Relay,
        _ => throw new ArgumentOutOfRangeException(nameof(end), end, "not a flow end"),
    };

    /// <summary>True when both sides got their end of stream; every other end is a reset of both sides.</summary>
    internal static bool IsOrderly(FlowEnd end) => end is FlowEnd.ConsumerClosed or FlowEnd.TargetClosed;
}
