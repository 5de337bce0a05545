using System.Buffers;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>The portable carrier: managed sockets, base class library only.</summary>
internal sealed class SocketCarrier(int bufferBytes) : IFlowCarrier
{
    public ICarriedFlow Take(Socket consumer, Socket target, IFlowWatch watch) => new SocketPair(consumer, target, watch, bufferBytes);
}

/// <summary>
/// Two sockets and a lane each way. A lane waits with a zero-byte receive (no buffer), moves one bufferful, and does not read again
/// before the write is done: that is the backpressure.
/// </summary>
internal sealed class SocketPair(Socket consumer, Socket target, IFlowWatch watch, int bufferBytes) : ICarriedFlow
{
    /// <summary>After so many bytes without waiting a lane lets other work run: a fast pair must not keep a thread for itself.</summary>
    private const int FairShare = 2 * 1024 * 1024;

    /// <summary>EPIPE: what a write is told when the socket's error was told before.</summary>
    private const SocketError Taken = SocketError.Shutdown;

    private readonly Lane toTarget = new(consumer, target, FlowDirection.ToTarget);
    private readonly Lane toConsumer = new(target, consumer, FlowDirection.ToConsumer);
    private int firstToClose, lanesDone, finished, withoutError;

    public void Start()
    {
        _ = PumpAsync(toTarget, toConsumer);
        _ = PumpAsync(toConsumer, toTarget);
    }

    public void Cut(FlowEnd end)
    {
        if (Interlocked.Exchange(ref finished, 1) != 0) return;
        if (FlowEnds.IsOrderly(end))
        {
            consumer.Dispose();
            target.Dispose();
        }
        else
        {
            consumer.Reset();
            target.Reset();
        }
        watch.Ended(end);
    }

    public void LookForReset()
    {
        if (WasReset(toTarget, toConsumer)) Cut(FlowEnd.ConsumerReset);
        else if (WasReset(toConsumer, toTarget)) Cut(FlowEnd.TargetReset);
    }

    /// <summary>
    /// Has the sender of <paramref name="lane"/> gone while nobody reads from it? Closed without our having said our last word to it is a
    /// reset. If we had, it may as well have said its own (the kernel keeps TIME_WAIT apart from the socket): then the error decides.
    /// </summary>
    private static bool WasReset(Lane lane, Lane opposite) =>
        lane.At != LaneStep.Reading && lane.From.IsGone() && (!opposite.HasLastWord || (lane.At == LaneStep.Writing && lane.From.TakeError() is not null));

    private async Task PumpAsync(Lane lane, Lane opposite)
    {
        await Task.Yield(); // Both lanes start, and the acceptor goes on, however fast one of them is.
        try
        {
            while (await MoveOnceAsync(lane)) { }
            // The opposite lane's write may have taken the error, and then a reset looks like an end. Asked in this order: whatever
            // closed the socket before we said our last word to it was not our last word.
            if (lane.From.IsGone() && !opposite.HasLastWord) throw new SocketException((int)ErrorBehind(lane));
            lane.At = LaneStep.Closing;
            NoteFirst(lane); // Before the other side can know and answer.
            lane.To.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            if (!IsForOppositeToName(lane, opposite, e)) Cut(EndOf(lane, e));
            return;
        }
        LaneDone(lane);
    }

    /// <summary>Why a sender's end of stream is none: the error still on its socket (an EPIPE there is a reset that came after a FIN), or that it is taken.</summary>
    private static SocketError ErrorBehind(Lane lane) => lane.From.TakeError() switch
    {
        null => Taken,
        Taken => SocketError.ConnectionReset,
        { } error => error,
    };

    /// <summary>
    /// The kernel tells a dead socket's error once, and both lanes work on that socket, one reading, one writing. The one that came too late
    /// leaves the naming to the other, unless the other came too late as well.
    /// </summary>
    private bool IsForOppositeToName(Lane lane, Lane opposite, Exception error) =>
        error is SocketException { SocketErrorCode: Taken } && opposite.At == (lane.At == LaneStep.Reading ? LaneStep.Writing : LaneStep.Reading)
        && Interlocked.Increment(ref withoutError) == 1;

    /// <summary>Moves one bufferful; false at the sender's end of stream.</summary>
    private async ValueTask<bool> MoveOnceAsync(Lane lane)
    {
        lane.At = LaneStep.Reading;
        await lane.From.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None);
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            var count = await lane.From.ReceiveAsync(buffer.AsMemory(0, bufferBytes), SocketFlags.None);
            if (count == 0) return false;
            watch.Moved(lane.Direction, count);
            lane.At = LaneStep.Writing;
            await lane.To.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
            await lane.ShareAsync(count, FairShare);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Remembers who closed first. Zero means nobody yet, so the end is stored plus one.</summary>
    private void NoteFirst(Lane lane) =>
        Interlocked.CompareExchange(ref firstToClose, 1 + (int)(lane.Direction == FlowDirection.ToTarget ? FlowEnd.ConsumerClosed : FlowEnd.TargetClosed), 0);

    /// <summary>The second lane that is done ends the flow, in the name of the first to close.</summary>
    private void LaneDone(Lane lane)
    {
        lane.At = LaneStep.Done;
        if (Interlocked.Increment(ref lanesDone) == 2) Cut((FlowEnd)(firstToClose - 1));
    }

    private static FlowEnd EndOf(Lane lane, Exception error)
    {
        var byConsumer = (lane.Direction == FlowDirection.ToTarget) == (lane.At == LaneStep.Reading);
        var lost = error is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable };
        return (byConsumer, lost) switch
        {
            (true, true) => FlowEnd.ConsumerLost,
            (true, false) => FlowEnd.ConsumerReset,
            (false, true) => FlowEnd.TargetLost,
            (false, false) => FlowEnd.TargetReset,
        };
    }

    private enum LaneStep { Reading, Writing, Closing, Done }

    private sealed class Lane(Socket from, Socket to, FlowDirection direction)
    {
        private volatile LaneStep at;
        private int withoutRest;

        public Socket From => from;
        public Socket To => to;
        public FlowDirection Direction => direction;
        public LaneStep At { get => at; set => at = value; }

        /// <summary>The receiver has been, or is just being, told that no more comes.</summary>
        public bool HasLastWord => at >= LaneStep.Closing;

        public async ValueTask ShareAsync(int count, int share)
        {
            withoutRest += count;
            if (withoutRest < share) return;
            withoutRest = 0;
            await Task.Yield();
        }
    }
}
