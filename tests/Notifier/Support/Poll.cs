using System.Diagnostics;

namespace PrivateLinkCloud.Notifier.Tests.Support;

internal static class Poll
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer is yes.</summary>
    /// <exception cref="TimeoutException">It never was, within <see cref="Patience"/>.</exception>
    public static async Task Until(Func<Task<bool>> condition, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Patience) throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s in vain: {what()}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    public static Task Until(Func<bool> condition, Func<string> what) => Until(() => Task.FromResult(condition()), what);
}
