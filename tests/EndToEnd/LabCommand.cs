using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>Runs <c>deploy/lab.sh</c> as a reader of the README would, in a lab directory of its own, and knows where to look for leftovers.</summary>
public sealed class LabCommand : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("plc-labtest-");
    private readonly HashSet<int> _seen = [];

    public LabCommand()
    {
        Lab = Path.Combine(_parent.FullName, "lab");
        // The databases' unprivileged users get through, as they would with a directory somebody made by hand.
        File.SetUnixFileMode(_parent.FullName, (UnixFileMode)0b111_001_001);
    }

    /// <summary>As below /root: the databases' unprivileged users do not get through to the lab's directory.</summary>
    public void CloseParent() => File.SetUnixFileMode(_parent.FullName, (UnixFileMode)0b111_000_000);

    public static string Checkout { get; } = FindCheckout();

    /// <summary>The lab's directory; <c>lab.sh</c> makes and removes it.</summary>
    public string Lab { get; }
    public string LabJson => Path.Combine(Lab, "lab.json");

    /// <summary>In the name of everything the lab makes on this host outside of its directory.</summary>
    public string Instance => "lab" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Lab)))[..6];

    public async Task<Outcome> RunAsync(string command, CancellationToken ct, params (string Name, string Value)[] environment)
    {
        using var process = Start(command, environment);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(); // the lab itself, or the script; what it leaves is for `down`
            throw;
        }
        return new Outcome(process.ExitCode, await output, await errors);
    }

    public Process Start(string command, params (string Name, string Value)[] environment)
    {
        // exec: a signal to the process we started reaches the lab, not a shell before it.
        var start = new ProcessStartInfo("bash", ["-c", "exec " + command]) { WorkingDirectory = Checkout, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["PLC_LAB_DIR"] = Lab;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Beginning of the paths of the product's own databases when their users cannot get through to <see cref="Lab"/>
    /// (deploy/components/instance.sh).</summary>
    public string ComponentHomes => "/var/tmp/plc-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.Combine(Lab, "components"))))[..12];

    /// <summary>Ids of the processes that work for this lab: its directory or its name is in their command or their working directory.</summary>
    public IReadOnlyList<int> Processes()
    {
        IReadOnlyList<int> ids = [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!, System.Globalization.CultureInfo.InvariantCulture)).Where(IsOurs)];
        _seen.UnionWith(ids);
        return ids;
    }

    /// <summary>Everything of this lab that is still on the host, in words.</summary>
    public IReadOnlyList<string> Leftovers()
    {
        var places = new[] { "/run/netns", "/etc/netns", "/var/tmp", "/run", "/run/lock" }.Where(Directory.Exists)
            .SelectMany(Directory.GetFileSystemEntries).Where(p => Path.GetFileName(p).Contains(Instance, StringComparison.Ordinal) || p.StartsWith(ComponentHomes, StringComparison.Ordinal));
        return [.. places, .. Segments(), .. Processes().Select(id => $"process {id}: {Describe(id)}"), .. Directory.Exists(Lab) ? [Lab] : Array.Empty<string>()];
    }

    public void Dispose() => _parent.Delete(recursive: true);

    private bool IsOurs(int id) => id != Environment.ProcessId && Describe(id) is var text && new[] { Lab, Instance, ComponentHomes }.Any(sign => text.Contains(sign, StringComparison.Ordinal));

    /// <summary>System V shared memory that a process of this lab made: a killed PostgreSQL leaves it in the kernel. Columns: key, id, mode,
    /// size, maker, …</summary>
    private IEnumerable<string> Segments() =>
        File.ReadLines("/proc/sysvipc/shm").Skip(1).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(f => _seen.Contains(int.Parse(f[4], System.Globalization.CultureInfo.InvariantCulture))).Select(f => $"segment {f[1]} of process {f[4]}");

    private static string Describe(int id)
    {
        try
        {
            return $"{File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ')}{new FileInfo($"/proc/{id}/cwd").LinkTarget}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has just ended
        }
    }

    private static string FindCheckout()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "PrivateLinkCloud.sln"))) directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("not inside a checkout");
        return directory;
    }
}

public sealed record Outcome(int Status, string Output, string Errors)
{
    public string LastLine => Output.TrimEnd().Split('\n')[^1];
    public override string ToString() => $"status {Status}\n{Output}\n{Errors}";
}
