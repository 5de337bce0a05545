using System.Diagnostics;

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>Programs, on the host or inside a tenant's network.</summary>
public static class Run
{
    public static async Task<(int Status, string Output)> ToEndAsync(string program, IReadOnlyList<string> arguments, double seconds = 20, params (string Key, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output + (process.ExitCode == 0 ? "" : await errors));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return (-1, $"{program} took longer than {seconds} s");
        }
    }

    /// <summary>Inside a network: its addresses, its resolver.</summary>
    public static Task<(int Status, string Output)> InAsync(string network, params string[] command) => ToEndAsync("ip", ["netns", "exec", network, .. command]);

    /// <summary>The page behind a name or address, fetched by curl; null when there is none.</summary>
    public static async Task<string?> PageAsync(string network, string host, int port = 80)
    {
        var (status, output) = await InAsync(network, "curl", "-sS", "--max-time", "3", $"http://{host}:{port}/");
        return status == 0 ? output : null;
    }

    /// <summary>What the network's resolver answers, in the order of the answer.</summary>
    public static async Task<IReadOnlyList<string>> ResolveAsync(string network, string name)
    {
        var (_, output) = await InAsync(network, "dig", "+short", "+tries=1", "+time=2", name, "A");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => System.Net.IPAddress.TryParse(l, out _))];
    }
}

public static class Eventually
{
    /// <summary>Polls until it holds; fails with what was awaited.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 30)
    {
        var began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds) Assert.Fail($"waited {seconds} s for {what}");
            await poll.WaitForNextTickAsync();
        }
    }
}
