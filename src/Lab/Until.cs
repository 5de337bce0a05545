using System.Diagnostics;

namespace PrivateLinkCloud.Lab;

/// <summary>Waiting with a deadline. The lab sees the product only from outside, so it looks again and again, 20 ms apart.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task<bool> TrueAsync(Func<bool> condition, TimeSpan patience, CancellationToken ct = default) =>
        await TrueAsync(() => Task.FromResult(condition()), patience, ct);

    public static async Task<bool> TrueAsync(Func<Task<bool>> condition, TimeSpan patience, CancellationToken ct = default)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            if (await condition()) return true;
            if (clock.Elapsed > patience) return false;
            await Task.Delay(Pause, ct);
        }
    }

    /// <exception cref="LabException">The deadline passed.</exception>
    public static async Task RequireAsync(Func<bool> condition, TimeSpan patience, string otherwise, CancellationToken ct = default)
    {
        if (!await TrueAsync(condition, patience, ct)) throw new LabException($"{otherwise} (waited {patience.TotalSeconds:0} s)");
    }
}
