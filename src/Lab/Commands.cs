using System.Diagnostics;

namespace PrivateLinkCloud.Lab;

/// <summary>Runs other programs to their end. They get a session of their own: Ctrl-C ends the lab, which then ends things in order.</summary>
public static class Commands
{
    /// <summary>The runtime that runs us, for programs of ours.</summary>
    public static string Dotnet => Environment.ProcessPath ?? "dotnet";

    public static async Task<CommandResult> TryAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, string? input = null, CancellationToken ct = default)
    {
        var start = new ProcessStartInfo("setsid", command) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        return new CommandResult(process.ExitCode, (await output).TrimEnd(), (await errors).TrimEnd());
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
