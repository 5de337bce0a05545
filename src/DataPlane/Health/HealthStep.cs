namespace PrivateLinkCloud.DataPlane;

/// <summary>What a target's checks have shown so far.</summary>
/// <param name="Passes">Consecutive, since the last failure.</param>
/// <param name="Failures">Consecutive, since the last pass.</param>
/// <param name="NextCheck">When the next check is due, on the caller's monotonic clock.</param>
/// <param name="Checking">A check is under way.</param>
/// <param name="Reason">Why it is not healthy: the vendor's reason code.</param>
internal readonly record struct HealthState(HealthStatus Status, int Passes, int Failures, TimeSpan NextCheck, bool Checking, string? Reason)
{
    /// <summary>A target seen for the first time: its first check is due at once.</summary>
    public static HealthState New(TimeSpan now) => new(HealthStatus.Initial, 0, 0, now, false, "Elb.InitialHealthChecking");
}

internal enum HealthInputKind { Tick, Passed, Failed, NoVerdict, RuleChanged }

internal readonly record struct HealthInput(HealthInputKind Kind, string? Reason = null)
{
    public static HealthInput Tick { get; } = new(HealthInputKind.Tick);
    public static HealthInput Passed { get; } = new(HealthInputKind.Passed);

    /// <summary>The check could not be made for a reason of our own (no descriptor, no network): says nothing about the target.</summary>
    public static HealthInput NoVerdict { get; } = new(HealthInputKind.NoVerdict);
    public static HealthInput RuleChanged { get; } = new(HealthInputKind.RuleChanged);

    public static HealthInput Failed(string reason) => new(HealthInputKind.Failed, reason);
}

/// <summary>
/// A target's health, as a function (rules §2.6). A new target is in service after one passed check; after that it takes the thresholds
/// to change. Checks start every interval, however they end, so a dead target is looked at as often as a live one.
/// </summary>
internal static class HealthStep
{
    /// <summary><c>Check</c> is true when a check is to be started now.</summary>
    public static (HealthState State, bool Check) Next(TimeSpan now, HealthState state, HealthInput input, HealthCheck rule) => input.Kind switch
    {
        HealthInputKind.Tick => Tick(now, state, rule),
        HealthInputKind.Passed => (Pass(state, rule), false),
        HealthInputKind.Failed => (Fail(state, input.Reason, rule), false),
        HealthInputKind.NoVerdict => (state with { Checking = false }, false),
        HealthInputKind.RuleChanged => (state with { NextCheck = Sooner(state.NextCheck, now + rule.Interval) }, false),
        _ => throw new ArgumentOutOfRangeException(nameof(input), input.Kind, "not a health input"),
    };

    private static (HealthState, bool) Tick(TimeSpan now, HealthState state, HealthCheck rule) =>
        state.Checking || now < state.NextCheck ? (state, false) : (state with { Checking = true, NextCheck = now + rule.Interval }, true);

    private static HealthState Pass(HealthState state, HealthCheck rule)
    {
        var next = state with { Checking = false, Passes = state.Passes + 1, Failures = 0 };
        var enough = state.Status == HealthStatus.Initial ? 1 : rule.HealthyThreshold;
        return next.Passes >= enough ? next with { Status = HealthStatus.Healthy, Reason = null } : next;
    }

    private static HealthState Fail(HealthState state, string? reason, HealthCheck rule)
    {
        var next = state with { Checking = false, Passes = 0, Failures = state.Failures + 1 };
        return next.Failures >= rule.UnhealthyThreshold ? next with { Status = HealthStatus.Unhealthy, Reason = reason } : next;
    }

    private static TimeSpan Sooner(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
