namespace PrivateLinkCloud.ControlPlane.Tests;

public static class Eventually
{
    /// <summary>Polls until the condition holds; fails with what was awaited when it does not within the time.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what, double seconds = 15)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(deadline).TotalSeconds > seconds) Assert.Fail($"waited {seconds} s for {what}");
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
