using System.Diagnostics;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// Runs iproute2's <c>ip</c>, for what happens once per network: making and deleting a namespace and its links. What happens once per
/// door goes over <see cref="RouteNetlink"/>.
/// </summary>
internal static class IpCommand
{
    /// <summary>Far above what it takes; a hung command must not hold the host's lock for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Null, or why it failed, in <c>ip</c>'s own words.</returns>
    public static string? Run(params IReadOnlyList<string> arguments) => Start(arguments, null);

    /// <summary>Several commands in one namespace and one process; they stop at the first that fails.</summary>
    /// <returns>Null, or why it failed.</returns>
    public static string? Batch(string namespaceName, params IReadOnlyList<string> lines) => Start(["-n", namespaceName, "-batch", "-"], string.Join('\n', lines) + "\n");

    private static string? Start(IReadOnlyList<string> arguments, string? input)
    {
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            return $"ip {string.Join(' ', arguments)} did not end within {Patience.TotalSeconds} s";
        }
        Task.WaitAll(errors, output);
        return process.ExitCode == 0 ? null : $"ip {string.Join(' ', arguments)}: {errors.Result.Trim()}";
    }
}
