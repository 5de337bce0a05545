using System.Diagnostics;

namespace PrivateLinkCloud.Lab;

/// <summary>Starts and ends the long-running processes of one lab.</summary>
public sealed class LabProcesses(LabDirectory directory)
{
    private readonly List<LabProcess> _started = [];

    public IReadOnlyList<LabProcess> Started => _started;

    /// <summary>Starts a process in its own session; it outlives us until it is ended, and its output goes to <c>logs/ROLE.log</c>.</summary>
    public LabProcess Start(string role, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(directory.Script("launch.sh"), [role, directory.Records, directory.Log(role), .. command]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var launched = Process.Start(start)!;
        // launch.sh becomes the command, so the number and the start time stay.
        var process = new LabProcess(role, launched.Id, LabProcess.StartOf(launched.Id) ?? 0);
        _started.Add(process);
        return process;
    }

    /// <exception cref="LabException">One of them has ended.</exception>
    public void RequireAlive()
    {
        if (_started.Find(p => !p.IsAlive && !p.Role.StartsWith("client", StringComparison.Ordinal)) is { } gone)
            throw new LabException($"{gone.Role} (process {gone.Id}) has ended by itself. Its last words: {LastWords(gone.Role)}. See {directory.Log(gone.Role)}");
    }

    /// <summary>Says which process ends, and returns only when cancelled: killing one is a fair thing to do in a lab.</summary>
    public async Task WatchAsync(Action<string> say, CancellationToken ct)
    {
        var alive = _started.Where(p => p.IsAlive).ToList();
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            foreach (var gone in alive.Where(p => !p.IsAlive).ToList())
            {
                alive.Remove(gone);
                say($"{gone.Role} (process {gone.Id}) has ended; its log is {directory.Log(gone.Role)}");
            }
        }
    }

    private string LastWords(string role)
    {
        var log = directory.Log(role);
        var last = File.Exists(log) ? File.ReadLines(log).LastOrDefault(l => l.Length > 0) : null;
        return last is null ? "none" : last.Length > 400 ? last[..400] + "…" : last;
    }

    /// <summary>Asks the processes to end, waits, and ends the ones that did not.</summary>
    public static async Task EndAsync(IEnumerable<LabProcess> processes, int signal, TimeSpan patience)
    {
        var alive = processes.Where(p => p.IsAlive).ToList();
        foreach (var process in alive) process.Signal(signal);
        if (await Until.TrueAsync(() => alive.TrueForAll(p => !p.IsAlive), patience)) return;
        foreach (var process in alive) process.Signal(LabProcess.Kill);
        await Until.TrueAsync(() => alive.TrueForAll(p => !p.IsAlive), patience);
    }
}
