using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>One consumer connection, from accept to its named end.</summary>
internal sealed class Flow : IFlowWatch, IDisposable
{
    private readonly FlowOrigin origin;
    private readonly Socket consumer;
    private readonly EndpointMeter meter;
    private readonly TimeProvider time;
    private readonly Action<Flow, FlowEnd> ended;
    private readonly Lock sync = new(); // guards carried, cutEarly, over and the bytes
    private readonly CancellationTokenSource dialling = new();
    private readonly long began;
    private readonly DateTimeOffset startedAt;
    private ICarriedFlow? carried;
    private bool cutEarly, over;
    private long toTarget, toConsumer;
    private long movedAtLastSweep, quietSince;

    public Flow(FlowOrigin origin, Socket consumer, EndpointMeter meter, TimeProvider time, Action<Flow, FlowEnd> ended)
    {
        (this.origin, this.consumer, this.meter, this.time, this.ended) = (origin, consumer, meter, time, ended);
        (began, startedAt) = (time.GetTimestamp(), time.GetUtcNow());
        WhileDialling = dialling.Token; // Taken now: it must stay readable after the flow has ended.
    }

    public FlowOrigin Origin => origin;

    /// <summary>The target that was connected, once one was.</summary>
    public Target? Target { get; private set; }

    /// <summary>Cancelled when the flow ends before it has a target.</summary>
    public CancellationToken WhileDialling { get; }

    /// <summary>True from before anybody is told of the flow's end.</summary>
    public bool IsOver { get { lock (sync) return over; } }

    /// <summary>Hands both sockets to the carrier. False when the flow was cut meanwhile; the target's socket is reset then.</summary>
    public bool Carry(Socket socket, Target target, IFlowCarrier carrier)
    {
        lock (sync)
        {
            if (!cutEarly)
            {
                Target = target;
                quietSince = time.GetTimestamp();
                carried = carrier.Take(consumer, socket, this);
            }
        }
        if (carried is null) socket.Reset();
        else carried.Start();
        return carried is not null;
    }

    /// <summary>Resets the flow wherever it is, unless it has ended. Any thread.</summary>
    public void Cut(FlowEnd end)
    {
        lock (sync)
        {
            if (cutEarly) return;
            cutEarly = carried is null;
        }
        if (!cutEarly)
        {
            carried!.Cut(end);
            return;
        }
        dialling.Cancel();
        consumer.Reset();
        Ended(end);
    }

    /// <summary>Idleness is measured by payload bytes, here, so that moving a byte costs no clock: late by up to one sweep, never early.</summary>
    public void Sweep()
    {
        if (carried is null)
        {
            if (consumer.IsGone()) Cut(FlowEnd.ConsumerReset);
            return;
        }
        long moved;
        lock (sync) moved = toTarget + toConsumer;
        if (moved != movedAtLastSweep)
        {
            movedAtLastSweep = moved;
            quietSince = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(quietSince) >= origin.Listener.IdleTimeout)
        {
            Cut(FlowEnd.IdleTimeout);
            return;
        }
        carried.LookForReset();
    }

    public void Moved(FlowDirection direction, int bytes)
    {
        lock (sync)
        {
            if (over) return; // Read by one lane while the other ended the flow: it goes nowhere, so it counts nowhere.
            if (direction == FlowDirection.ToTarget) toTarget += bytes;
            else toConsumer += bytes;
            meter.Moved(direction, bytes);
        }
    }

    public void Ended(FlowEnd end)
    {
        lock (sync) over = true;
        ended(this, end);
    }

    /// <summary>Final once the flow has ended.</summary>
    public FlowRecord Record(FlowEnd end) => new(
        origin.Door.EndpointId, origin.Door.Key, origin.Client, origin.Listener.Port,
        Target is null ? null : new IPEndPoint(Target.Address, Target.Port), origin.Node.ZoneId, Target?.ZoneId,
        toTarget, toConsumer, startedAt, time.GetElapsedTime(began), end);

    public void Dispose() => dialling.Dispose();
}

/// <summary>Where a flow came in, as the table said at that moment. Later changes of the node's listener do not reach it.</summary>
internal sealed record FlowOrigin(Door Door, Node Node, Listener Listener, IPEndPoint Client);
