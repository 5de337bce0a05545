namespace PrivateLinkCloud.DataPlane;

/// <summary>Checks one target of one group for ever: a timer, a check, and <see cref="HealthStep"/> between them.</summary>
internal sealed class TargetChecker : IDisposable
{
    private readonly Lock sync = new();
    private readonly TcpCheck check;
    private readonly TimeProvider time;
    private readonly Action<TargetChecker, HealthState> changed;
    private readonly ITimer timer;
    private readonly CancellationTokenSource stop = new();
    private readonly long began;
    private HealthState state;
    private HealthCheck rule;
    private Node from;

    public TargetChecker(TargetKey key, HealthCheck rule, Node from, TcpCheck check, TimeProvider time, Action<TargetChecker, HealthState> changed)
    {
        (Key, this.rule, this.from, this.check, this.time, this.changed) = (key, rule, from, check, time, changed);
        began = time.GetTimestamp();
        state = HealthState.New(TimeSpan.Zero);
        timer = time.CreateTimer(static c => ((TargetChecker)c!).Post(HealthInput.Tick), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TargetKey Key { get; }

    /// <summary>As last told through <c>changed</c>; owned by the group, under its lock.</summary>
    public HealthState Known { get; set; } = HealthState.New(TimeSpan.Zero);

    public void Start() => timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    public void Follow(HealthCheck newRule, Node newFrom)
    {
        lock (sync)
        {
            from = newFrom;
            if (rule == newRule) return;
            rule = newRule;
        }
        Post(HealthInput.RuleChanged);
    }

    private void Post(HealthInput input)
    {
        HealthState before, after;
        bool checkNow;
        Node source;
        TimeSpan timeout;
        lock (sync)
        {
            if (stop.IsCancellationRequested) return;
            before = state;
            (state, checkNow) = HealthStep.Next(time.GetElapsedTime(began), state, input, rule);
            (after, source, timeout) = (state, from, rule.Timeout);
        }
        if (before.Status != after.Status || before.Reason != after.Reason) changed(this, after);
        if (checkNow) _ = CheckAsync(source, timeout);
        else if (!after.Checking) Sleep(after.NextCheck);
    }

    private async Task CheckAsync(Node source, TimeSpan timeout)
    {
        await Task.Yield(); // The timer's thread serves other timers.
        Post(await check.RunAsync(source, Key.Address, Key.Port, timeout, stop.Token));
    }

    private void Sleep(TimeSpan until)
    {
        var wait = until - time.GetElapsedTime(began);
        timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        lock (sync) stop.Cancel();
        timer.Dispose();
    }
}
