using System.Diagnostics;

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>The lab's processes by role (<c>control-plane-1</c>, <c>zone-agent-use1-az1-2</c> …): killed with -9, and started again exactly as they were.</summary>
public sealed class LabProcesses(string home)
{
    private readonly Dictionary<string, (string[] Command, string[] Environment)> _dead = [];

    public IReadOnlyList<string> Roles(string front) => [.. Records().Keys.Where(r => r.StartsWith(front, StringComparison.Ordinal)).Order()];

    public string Log(string role) => File.ReadAllText(Path.Combine(home, "logs", role + ".log"));

    public async Task KillAsync(string role)
    {
        var id = Records()[role];
        var (_, network) = await Run.ToEndAsync("ip", ["netns", "identify", $"{id}"]);
        string[] inside = network.Trim() is { Length: > 0 } name ? ["ip", "netns", "exec", name] : [];
        _dead[role] = ([.. inside, .. Words($"/proc/{id}/cmdline")], Words($"/proc/{id}/environ"));
        using var process = Process.GetProcessById(id);
        process.Kill(); // SIGKILL
        await Eventually.TrueAsync(() => Task.FromResult(!IsAlive(id)), $"{role} to be dead", 10);
    }

    public async Task RestartAsync(string role)
    {
        var (command, environment) = _dead[role];
        var start = new ProcessStartInfo(Path.Combine(StandingLab.Root, "deploy/launch.sh"), [role, Path.Combine(home, "processes"), Path.Combine(home, "logs", role + ".log"), .. command]);
        start.Environment.Clear();
        foreach (var pair in environment.Select(e => e.Split('=', 2)).Where(p => p.Length == 2)) start.Environment[pair[0]] = pair[1];
        var before = Records()[role];
        using var process = Process.Start(start)!;
        await Eventually.TrueAsync(() => Task.FromResult(Records()[role] != before), $"{role} to be on record again", 10);
    }

    /// <summary><c>stop</c>, <c>up</c>: PostgreSQL and RabbitMQ keep their data and ports. <c>kill</c>: with -9.</summary>
    public async Task ComponentAsync(string name, string what)
    {
        if (what == "kill")
        {
            using var main = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(home, "components", name + ".pid")), System.Globalization.CultureInfo.InvariantCulture));
            main.Kill(entireProcessTree: true);
            return;
        }
        var (status, output) = await Run.ToEndAsync("bash", [Path.Combine(StandingLab.Root, "deploy/components.sh"), name, what, Path.Combine(home, "components")], 120);
        Assert.True(status == 0, output);
    }

    /// <summary>The newest record of a role counts.</summary>
    private Dictionary<string, int> Records()
    {
        var records = new Dictionary<string, int>();
        foreach (var line in File.ReadAllLines(Path.Combine(home, "processes")).Select(l => l.Split(' ')).Where(l => l.Length >= 2))
            records[line[0]] = int.Parse(line[1], System.Globalization.CultureInfo.InvariantCulture);
        return records;
    }

    /// <summary>A zombie is dead: nobody here reaps re-parented children.</summary>
    private static bool IsAlive(int id) => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static string[] Words(string path) => File.ReadAllText(path).Split('\0', StringSplitOptions.RemoveEmptyEntries);
}
