using System.Diagnostics;

namespace PrivateLinkCloud.ZoneAgent.Tests;

/// <summary>Looks again and again until something is so; the deadline is for when it never is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static async Task True(Func<Task<bool>> isSo, string what, double seconds = 60)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began).TotalSeconds > seconds) Assert.Fail($"not within {seconds} s: {what}");
            await Task.Delay(Between, TestContext.Current.CancellationToken);
        }
    }

    public static Task True(Func<bool> isSo, string what, double seconds = 60) => True(() => Task.FromResult(isSo()), what, seconds);
}
