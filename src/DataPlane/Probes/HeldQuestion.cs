using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>
/// A probe's open connection: asks, takes the echo, rests, asks again. A receive is always pending, so that a reset is known the moment it
/// arrives; one timer serves for rest and for patience, because this runs for every door all the time.
/// </summary>
internal sealed class HeldQuestion : IDisposable
{
    private static readonly byte[] Question = [(byte)'?'];
    private readonly Lock sync = new(); // guards asked
    private readonly Socket socket;
    private readonly ProbeOptions options;
    private readonly ITimer alarm;
    private bool asked;

    public HeldQuestion(Socket socket, TimeProvider time, ProbeOptions options)
    {
        (this.socket, this.options) = (socket, options);
        alarm = time.CreateTimer(static held => ((HeldQuestion)held!).Rung(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Returns or throws when the relay has ended the connection, was silent for too long, or answered what nobody asked.</summary>
    public async Task RunAsync(Action echoed)
    {
        lock (sync) Ask();
        var echo = new byte[1];
        while (await socket.ReceiveAsync(echo, SocketFlags.None) == 1 && TakeAnswer()) echoed();
    }

    private bool TakeAnswer()
    {
        lock (sync)
        {
            var wasAsked = asked;
            asked = false;
            alarm.Change(options.Interval, Timeout.InfiniteTimeSpan);
            return wasAsked;
        }
    }

    private void Rung()
    {
        lock (sync)
        {
            if (asked) socket.Dispose(); // Silent for too long; this ends the pending receive.
            else Ask();
        }
    }

    private void Ask()
    {
        asked = true;
        alarm.Change(options.Timeout, Timeout.InfiniteTimeSpan);
        try
        {
            socket.Send(Question); // Only one byte is under way at a time: this cannot block.
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The pending receive hears of it too.
        }
    }

    public void Dispose() => alarm.Dispose();
}
