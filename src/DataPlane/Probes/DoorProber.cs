using System.Collections.Concurrent;
using System.Net;

namespace PrivateLinkCloud.DataPlane;

/// <param name="Source">The reserved probe source of the network; relays know it by that.</param>
public sealed record ProbedDoor(string Key, string Network, IPAddress Source, IPAddress Address, int Port);

public sealed record ProbeOptions
{
    /// <summary>Between one echo and the next question on a held connection.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For the connection to open, and for each echo.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The resolver's side of the door probes: one held connection per watched door. A door passes from its first echo until the
/// connection is reset, ends or falls silent; then it fails at once and is tried again, soon at first.
/// </summary>
/// <param name="changed">Called when a door begins or ceases to pass, in order per door, on the prober's threads: return quickly. A door
/// that is forgotten is not told; one that is watched with changed values and was passing is told as failing first.</param>
public sealed class DoorProber(INetworks networks, TimeProvider time, ProbeOptions options, Action<string, bool>? changed = null) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, WatchedDoor> doors = new();
    private readonly Lock gate = new(); // orders Watch, Forget and Dispose
    private bool disposed;

    /// <summary>Starts to probe a door; the same values again change nothing, other values start anew.</summary>
    public void Watch(ProbedDoor door)
    {
        ArgumentNullException.ThrowIfNull(door);
        var wasPassing = false;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (doors.TryGetValue(door.Key, out var known))
            {
                if (known.Door == door) return;
                wasPassing = known.Stop();
            }
            if (wasPassing) changed?.Invoke(door.Key, false);
            (doors[door.Key] = new(door, networks, time, options, changed)).Start();
        }
    }

    public void Forget(string doorKey)
    {
        lock (gate)
            if (doors.TryRemove(doorKey, out var known)) known.Stop();
    }

    /// <summary>Tries a failing door now instead of after its pause: something has changed that may help. A passing one is left alone.</summary>
    public void Kick(string doorKey)
    {
        if (doors.TryGetValue(doorKey, out var known)) known.Kick();
    }

    public bool IsPassing(string doorKey) => doors.TryGetValue(doorKey, out var known) && known.Passing;

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            disposed = true;
            foreach (var door in doors.Values) door.Stop();
        }
        await Task.WhenAll(doors.Values.Select(d => d.Completion));
        doors.Clear();
    }
}
