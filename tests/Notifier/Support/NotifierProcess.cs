using System.Collections.Concurrent;
using System.Diagnostics;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>The notifier as its own process, so that it can be killed.</summary>
internal sealed class NotifierProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    private NotifierProcess(IEnumerable<string> arguments)
    {
        process = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "PrivateLinkCloud.Notifier"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has printed so far, to either stream.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    public static NotifierProcess Start(Components components, params IEnumerable<string> settings) => new(RunningNotifier.Arguments(components, settings));

    public static NotifierProcess Start(params IEnumerable<string> arguments) => new(arguments);

    /// <summary>SIGKILL, and the wait for its end.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a supervisor sends it.</summary>
    public async Task Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end; returns its exit code.</summary>
    public async Task<int> Ended()
    {
        await process.WaitForExitAsync(new CancellationTokenSource(Poll.Patience).Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) await Kill();
        process.Dispose();
    }
}
