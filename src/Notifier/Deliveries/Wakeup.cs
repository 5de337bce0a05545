using System.Threading.Channels;

namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>"Look again": rung when a message arrives or an attempt ends. Many rings before one look are one ring; a ring during a look is not lost.</summary>
public sealed class Wakeup(TimeProvider time)
{
    private readonly Channel<bool> rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => rings.Writer.TryWrite(true);

    /// <summary>Returns at a ring, or after <paramref name="longest"/>.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/>.</exception>
    public async Task Wait(TimeSpan longest, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await rings.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // Nobody rang: the wait is over all the same.
        }
    }
}
