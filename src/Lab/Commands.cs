using System.ComponentModel;
using System.Diagnostics;

namespace PrivateLinkCloud.Lab;

/// <summary>Runs other programs to their end. They get a session of their own: Ctrl-C ends the lab, which then ends things in order.</summary>
public static class Commands
{
    /// <summary>The runtime that runs us, for programs of ours.</summary>
    public static string Dotnet => Environment.ProcessPath ?? "dotnet";

    /// <summary>When cancelled, the command is ended, and what it started with it, before this returns.</summary>
    public static async Task<CommandResult> TryAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string? input = null, CancellationToken ct = default)
    {
        var start = new ProcessStartInfo("setsid", command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var ending = ct.Register(() => End(process));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await TellAsync(process, input);
        // Both ends are seen once the last process that holds one is gone.
        var (said, complained) = (await output, await errors);
        await process.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        return new CommandResult(process.ExitCode, said.TrimEnd(), complained.TrimEnd());
    }

    private static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or one of its children, was faster.
        }
    }

    private static async Task TellAsync(Process process, string? input)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without listening; its status says why.
        }
    }

    /// <exception cref="LabException">It ended with another status than 0.</exception>
    public static async Task<string> RunAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string? input = null, CancellationToken ct = default)
    {
        var result = await TryAsync(command, environment, input, ct);
        if (result.Status == 0) return result.Output;
        var said = result.Errors.Length > 0 ? result.Errors : result.Output;
        throw new LabException($"`{string.Join(' ', command.Select(Path.GetFileName))}` ended with status {result.Status}: {said}");
    }
}

/// <param name="Output">Standard output without the last line end.</param>
public sealed record CommandResult(int Status, string Output, string Errors);
