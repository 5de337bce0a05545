using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>What happens to one accepted connection: steps 2 to 6 of the relay's map.</summary>
internal sealed class Reception(TargetGroups groups, INetworks networks, TimeProvider time, RelayOptions options, IRelayEvents? events, Func<RelayTable> table)
{
    private readonly Dialler dialler = new(networks, time, options);
    private readonly FlowHash hash = new(options.Seed);
    private readonly SocketCarrier carrier = new(options.BufferBytes);
    private readonly ConcurrentDictionary<string, EndpointMeter> meters = new();
    private readonly ConcurrentDictionary<Flow, OpenDoor> flows = new();
    private readonly ConcurrentDictionary<HeldProbe, byte> probes = new();

    public IReadOnlyDictionary<string, EndpointCounters> Counters() => meters.ToDictionary(m => m.Key, m => m.Value.Snapshot());

    public void Accepted(OpenDoor open, int port, Socket socket)
    {
        var now = table();
        var door = open.Door;
        // 2. A listener that left the table a moment ago has no flows and no probes.
        if (socket.RemoteEndPoint is not IPEndPoint client || !now.Nodes.TryGetValue(door.NodeKey, out var node)
            || node.Listeners.FirstOrDefault(l => l.Port == port) is not { } listener)
        {
            socket.Reset();
            return;
        }
        // 3. A probe is answered here.
        if (client.Address.Equals(door.ProbeSource)) _ = HoldAsync(new(open, port, socket, time), open, port);
        else _ = ServeAsync(open, new(door, node, listener, client), socket);
    }

    /// <summary>Can the zone serve this port of the door, as things are now?</summary>
    public bool Serves(OpenDoor open, int port) =>
        table().Nodes.TryGetValue(open.Door.NodeKey, out var node)
        && node.Listeners.FirstOrDefault(l => l.Port == port) is { } listener
        && groups.InService(listener.TargetGroupKey).For(node).Length > 0;

    private async Task HoldAsync(HeldProbe probe, OpenDoor open, int port)
    {
        probes.TryAdd(probe, 0);
        await probe.RunAsync(() => Serves(open, port));
        probes.TryRemove(probe, out _);
    }

    private async Task ServeAsync(OpenDoor open, FlowOrigin origin, Socket consumer)
    {
        var meter = meters.GetOrAdd(origin.Door.EndpointId, static _ => new());
        var flow = new Flow(origin, consumer, meter, time, Ended);
        meter.Started();
        flows.TryAdd(flow, open);
        if (open.Admit(flow) is { } refusal)
        {
            flow.Cut(refusal);
            return;
        }
        // 4. Which targets may it be, and which one is it?
        var candidates = groups.InService(origin.Listener.TargetGroupKey).For(origin.Node);
        var place = FlowHash.Of(origin.Client, origin.Door.Address, origin.Listener.Port, hash.NextNonce());
        // 5. Dial from the node's address, go round until one answers.
        var (socket, target, failure) = await dialler.DialAsync(origin.Node, candidates, place, flow.WhileDialling);
        if (socket is null || target is null)
        {
            flow.Cut(failure);
            return;
        }
        events?.FlowConnected(origin.Door, origin.Node.ZoneId, target);
        // 6. Carry.
        flow.Carry(NoDelay(consumer, socket), target, carrier);
    }

    private static Socket NoDelay(Socket consumer, Socket target)
    {
        try
        {
            consumer.NoDelay = true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The consumer has gone already; the carrier will find out and name it.
        }
        return target;
    }

    // 7. Every flow comes by here once.
    private void Ended(Flow flow, FlowEnd end)
    {
        if (flows.TryRemove(flow, out var open)) open.Forget(flow);
        meters[flow.Origin.Door.EndpointId].Ended(end);
        events?.FlowEnded(flow.Record(end));
        flow.Dispose();
    }

    public void CutFlowsTo(TargetKey target)
    {
        foreach (var (flow, _) in flows)
            if (flow.Target is { } t && t.Port == target.Port && t.Address.Equals(target.Address) && flow.Origin.Listener.TargetGroupKey == target.TargetGroupKey)
                flow.Cut(FlowEnd.TargetUnhealthy);
    }

    public void Sweep()
    {
        foreach (var (flow, _) in flows) flow.Sweep();
        foreach (var (probe, _) in probes)
            if (probe.SilentFor(options.ProbeSilence)) probe.Reset();
    }
}
