using System.Globalization;
using System.Runtime.InteropServices;

namespace PrivateLinkCloud.Lab;

/// <summary>A process on record. Its start time (clock ticks since boot) tells it from another that got the same number later.</summary>
public sealed partial record LabProcess(string Role, int Id, long Started)
{
    public const int Hangup = 1, Interrupt = 2, Kill = 9, Terminate = 15;

    public bool IsAlive => StartOf(Id) == Started;

    public void Signal(int signal)
    {
        if (IsAlive) _ = SendSignal(Id, signal);
    }

    /// <summary>What <c>launch.sh</c> wrote; a line cut short by a crash is passed over.</summary>
    public static IReadOnlyList<LabProcess> Read(string records) =>
        !File.Exists(records) ? [] : [.. File.ReadLines(records).Select(Parse).OfType<LabProcess>()];

    private static LabProcess? Parse(string line) =>
        line.Split(' ') is [var role, var id, var started] && int.TryParse(id, CultureInfo.InvariantCulture, out var pid) && long.TryParse(started, CultureInfo.InvariantCulture, out var ticks)
            ? new LabProcess(role, pid, ticks) : null;

    /// <summary>Field 22 of <c>/proc/PID/stat</c>; the second field may hold blanks and brackets, so count from its end. Null: gone, or a zombie.</summary>
    public static long? StartOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int id, int signal);
}
