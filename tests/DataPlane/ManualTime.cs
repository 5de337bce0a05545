namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>A clock that stands still until it is advanced; then every timer that is due fires, in order.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock sync = new();
    private readonly List<ManualTimer> timers = [];
    private TimeSpan elapsed;

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    public override long GetTimestamp() { lock (sync) return elapsed.Ticks; }
    public override DateTimeOffset GetUtcNow() { lock (sync) return Start + elapsed; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        lock (sync) timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>How many timers are set.</summary>
    public int Waiting { get { lock (sync) return timers.Count(t => t.Due is not null); } }

    /// <summary>How long until the next set timer is due; null when none is set.</summary>
    public TimeSpan? NextIn { get { lock (sync) return timers.Min(t => t.Due) - elapsed; } }

    public void Advance(TimeSpan by)
    {
        TimeSpan end;
        lock (sync) end = elapsed + by;
        while (NextDue(end) is { } timer) timer.Fire();
        lock (sync) elapsed = end;
    }

    private ManualTimer? NextDue(TimeSpan end)
    {
        lock (sync)
        {
            var next = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next?.Due > elapsed) elapsed = next.Due.Value;
            next?.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTime owner, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public TimeSpan? Due { get; private set; }

        public void Rearm() => Due = period > TimeSpan.Zero ? Due + period : null;

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (owner.sync)
            {
                if (!owner.timers.Contains(this)) return false;
                period = newPeriod;
                Due = dueTime < TimeSpan.Zero ? null : owner.elapsed + dueTime;
                if (dueTime != TimeSpan.Zero) return true;
                Rearm();
            }
            ThreadPool.QueueUserWorkItem(_ => Fire()); // Due at once, as the system's timers are.
            return true;
        }

        public void Dispose()
        {
            lock (owner.sync) owner.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
