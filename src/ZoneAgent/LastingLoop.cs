using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Keeps a loop of the agent going. An exception that left a background loop would end the process, and with it every flow it carries.</summary>
internal static class LastingLoop
{
    /// <summary>So that what fails at once, every time, does not spin.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Takes turn after turn until <paramref name="stop"/>, whatever a turn stumbles over. State that must survive a failed turn is the caller's.</summary>
    public static async Task RunAsync(Func<Task> turn, TimeProvider time, ILogger logger, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            try
            {
                await turn();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // what nobody foresaw is the very thing that must not end the agent
            catch (Exception e)
#pragma warning restore CA1031
            {
                logger.TurnFailed(e);
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
    }
}
