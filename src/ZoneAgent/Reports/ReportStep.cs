namespace PrivateLinkCloud.ZoneAgent.Reports;

/// <summary>What the report schedule remembers between two steps.</summary>
/// <param name="Unsaid">Something changed that no report sent so far contains.</param>
/// <param name="InFlight">A report is on its way; at most one ever is.</param>
/// <param name="Failures">Reports unacknowledged in a row.</param>
/// <param name="NextAt">When the next one is due.</param>
public sealed record ReportState(bool Unsaid, bool InFlight, int Failures, DateTimeOffset NextAt)
{
    public static ReportState Start(DateTimeOffset now) => new(true, false, 0, now);
}

/// <summary>What can happen to the report schedule.</summary>
public enum ReportInput
{
    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>A revision was put in force, or refused: the tenant waits for this, so it goes at once.</summary>
    PlanApplied,

    /// <summary>A target's health changed: may come in bursts, so it waits a moment for its like.</summary>
    HealthChanged,

    /// <summary>2xx.</summary>
    Acknowledged,

    /// <summary>Anything else. The report stays due: it is sent again until it is acknowledged.</summary>
    Failed,
}

/// <summary>When to report. Every report says all there is to say at the time it is sent, so that none need be kept.</summary>
/// <param name="every">The longest silence: keeps the lease alive.</param>
/// <param name="gather">How long changes of health wait for each other.</param>
public sealed class ReportStep(TimeSpan every, TimeSpan gather)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <returns>The next state, and whether to send a report now.</returns>
    public (ReportState State, bool Send) Step(ReportState state, DateTimeOffset now, ReportInput input)
    {
        var next = input switch
        {
            ReportInput.PlanApplied => state with { Unsaid = true, NextAt = now }, // even after failures: a plan that came says that somebody is there
            ReportInput.HealthChanged => Gathered(state, now + gather),
            ReportInput.Acknowledged => state with { InFlight = false, Failures = 0, NextAt = state.Unsaid ? state.NextAt : now + every },
            ReportInput.Failed => state with { InFlight = false, Unsaid = true, Failures = state.Failures + 1, NextAt = now + Pause(state.Failures) },
            _ => state,
        };
        if (next.InFlight || now < next.NextAt) return (next, false);
        return (next with { InFlight = true, Unsaid = false, NextAt = now + every }, true);
    }

    /// <summary>After failures the pause holds: a flapping target must not hammer a control plane that is away.</summary>
    private static ReportState Gathered(ReportState state, DateTimeOffset at) =>
        state with { Unsaid = true, NextAt = state.Failures > 0 || at > state.NextAt ? state.NextAt : at };

    private TimeSpan Pause(int failures)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(failures, 16));
        return pause < every ? pause : every;
    }
}
