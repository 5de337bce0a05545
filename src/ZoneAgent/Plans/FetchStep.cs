namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>What the fetch schedule remembers between two steps.</summary>
/// <param name="Epoch">Of the held plan; empty when none is held.</param>
/// <param name="Revision">Of the held plan.</param>
/// <param name="Heard">The highest revision of the held epoch that doorbells have named and no answer has reached; 0 when none is awaited.</param>
/// <param name="RangOtherEpoch">A doorbell has named another epoch since the last answer: whatever its revision, there is news.</param>
/// <param name="InFlight">A fetch is on its way; at most one ever is.</param>
/// <param name="WholeNeeded">What is held does not join on: ask for everything.</param>
/// <param name="Failures">Fetches failed in a row.</param>
/// <param name="NextAt">When to look again if nobody rings.</param>
public sealed record FetchState(
    string Epoch, long Revision, long Heard, bool RangOtherEpoch, bool InFlight, bool WholeNeeded, int Failures, DateTimeOffset NextAt)
{
    /// <summary>At start: look at once.</summary>
    public static FetchState Start(string epoch, long revision, DateTimeOffset now) => new(epoch, revision, 0, false, false, false, 0, now);
}

/// <summary>What can happen to the fetch schedule.</summary>
public abstract record FetchInput
{
    /// <summary>Time has passed.</summary>
    public sealed record Tick : FetchInput;

    /// <summary>A doorbell: "the zone is at this revision of this epoch".</summary>
    public sealed record Rang(string Epoch, long Revision) : FetchInput;

    /// <summary>The answer was taken (or there was nothing newer): this is what is held now.</summary>
    public sealed record Answered(string Epoch, long Revision) : FetchInput;

    /// <summary>The answer was refused.</summary>
    public sealed record Refused(bool NeedsWhole) : FetchInput;

    /// <summary>No answer.</summary>
    public sealed record Failed : FetchInput;
}

/// <summary>"Fetch now, from here on."</summary>
/// <param name="Since">Null: ask for the whole plan.</param>
public sealed record FetchAction(string? Epoch, long? Since);

/// <summary>
/// When to ask the control plane for the plan: at once when a doorbell names something newer, else on a slow timer, else after a
/// growing pause. A burst of doorbells during a fetch costs one further fetch, not one each.
/// </summary>
public sealed class FetchStep(TimeSpan slowPoll)
{
    /// <summary>The first pause after a failure; it doubles up to the slow poll.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <param name="chance">0…1, drawn by the caller: spreads the agents of a zone over the timer instead of letting them ask together.</param>
    public (FetchState State, FetchAction? Action) Step(FetchState state, DateTimeOffset now, double chance, FetchInput input)
    {
        var next = input switch
        {
            FetchInput.Rang rang => Heard(state, rang),
            FetchInput.Answered answered => Landed(state, answered, now, chance),
            FetchInput.Refused refused => Missed(state, now, chance) with { WholeNeeded = refused.NeedsWhole && !state.WholeNeeded },
            FetchInput.Failed => Missed(state, now, chance),
            _ => state,
        };
        if (next.InFlight || !(now >= next.NextAt || IsNews(next, input))) return (next, null);
        var action = next.WholeNeeded || next.Epoch.Length == 0 ? new FetchAction(null, null) : new FetchAction(next.Epoch, next.Revision);
        return (next with { InFlight = true }, action);
    }

    /// <summary>
    /// Only a fresh ring, or an answer that came while a newer ring was heard, calls for a fetch before its time. An answer that is
    /// still older than the ring (a lagging replica, or a ring that lied) waits for the pause: it must not spin.
    /// </summary>
    private static bool IsNews(FetchState state, FetchInput input) => input switch
    {
        FetchInput.Rang rang => rang.Epoch != state.Epoch || rang.Revision > state.Revision,
        FetchInput.Refused => state.WholeNeeded,
        _ => false,
    };

    private static FetchState Heard(FetchState state, FetchInput.Rang rang) =>
        rang.Epoch != state.Epoch ? state with { RangOtherEpoch = true } : state with { Heard = Math.Max(state.Heard, rang.Revision) };

    private FetchState Landed(FetchState state, FetchInput.Answered answered, DateTimeOffset now, double chance)
    {
        var behind = state.Heard > answered.Revision && state.Epoch == answered.Epoch;
        // Progress was made, and more was heard of meanwhile: go on at once. No progress: after the first pause.
        var progressed = answered.Epoch != state.Epoch || answered.Revision > state.Revision;
        var pause = !behind && !(state.RangOtherEpoch && progressed) ? slowPoll * (0.5 + chance / 2) : progressed ? TimeSpan.Zero : FirstPause;
        return new FetchState(answered.Epoch, answered.Revision, behind && progressed ? state.Heard : 0, false, false, false, 0, now + pause);
    }

    private FetchState Missed(FetchState state, DateTimeOffset now, double chance)
    {
        var pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(state.Failures, 16)), slowPoll.TotalSeconds) * (0.5 + chance / 2);
        return state with { InFlight = false, Failures = state.Failures + 1, NextAt = now + TimeSpan.FromSeconds(pause) };
    }
}
