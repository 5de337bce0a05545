using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>One door as its prober sees it: connect, ask, hold, and after a failure pause and begin again.</summary>
internal sealed class WatchedDoor(ProbedDoor door, INetworks networks, TimeProvider time, ProbeOptions options, Action<string, bool>? changed)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);
    private readonly Lock sync = new(); // guards stopped, passing with its telling, and what Kick and Stop interrupt
    private CancellationTokenSource? interruptible;
    private Socket? socket;
    private bool stopped, passing, kicked, pausing;

    public ProbedDoor Door => door;
    public bool Passing => Volatile.Read(ref passing);
    public Task Completion { get; private set; } = Task.CompletedTask;

    public void Start() => Completion = RunAsync();

    /// <summary>Ends the probing without another word to <c>changed</c>; true when the door was passing.</summary>
    public bool Stop()
    {
        lock (sync)
        {
            stopped = true;
            var was = passing;
            passing = false;
            interruptible?.Cancel();
            socket?.Dispose();
            return was;
        }
    }

    /// <summary>
    /// Ends a pause at once. A connect gets <see cref="Grace"/> to end by itself: it may be waiting for an address that was not there when it
    /// began and would not notice, but it may as well be about to succeed, and kicks may come faster than connects do. An asked relay is left to answer.
    /// </summary>
    public void Kick()
    {
        lock (sync)
        {
            if (passing || kicked) return;
            kicked = true;
            if (pausing) interruptible?.Cancel();
            else interruptible?.CancelAfter(Grace);
        }
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        var failures = 0;
        while (!stopped)
        {
            if (await ProbeAsync()) failures = 0;
            failures++;
            if (!Volatile.Read(ref kicked)) await PauseAsync(ProbeBackoff.After(failures));
            if (TakeKick()) failures = 0;
        }
    }

    /// <summary>True when the door passed for a while.</summary>
    private async Task<bool> ProbeAsync()
    {
        var passed = false;
        try
        {
            using var opened = networks.From(door.Network, door.Source);
            lock (sync)
            {
                if (stopped) return false;
                socket = opened;
            }
            await InterruptiblyAsync(options.Timeout, pause: false, stop => opened.ConnectAsync(new IPEndPoint(door.Address, door.Port), stop));
            using var held = new HeldQuestion(opened, time, options);
            await held.RunAsync(() => Tell(passed = true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Refused, reset, too slow, interrupted or stopped: the door does not pass, whichever it was.
        }
        lock (sync) socket = null;
        Tell(false);
        return passed;
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await InterruptiblyAsync(Timeout.InfiniteTimeSpan, pause: true, async stop => await Task.Delay(pause, time, stop));
        }
        catch (OperationCanceledException)
        {
            // Kicked or stopped.
        }
    }

    private async Task InterruptiblyAsync(TimeSpan limit, bool pause, Func<CancellationToken, ValueTask> work)
    {
        using var interrupt = new CancellationTokenSource(limit, time);
        lock (sync)
        {
            if (stopped || kicked) throw new OperationCanceledException();
            (interruptible, pausing) = (interrupt, pause);
        }
        try
        {
            await work(interrupt.Token);
        }
        finally
        {
            lock (sync) interruptible = null;
        }
    }

    private bool TakeKick()
    {
        lock (sync)
        {
            var was = kicked;
            kicked = false;
            return was;
        }
    }

    /// <summary>Tells under the lock, so that a door is never told as passing after it was stopped.</summary>
    private void Tell(bool now)
    {
        lock (sync)
        {
            if (stopped || passing == now) return;
            passing = now;
            if (now) kicked = false; // It has helped, or was not needed.
            changed?.Invoke(door.Key, now);
        }
    }
}
