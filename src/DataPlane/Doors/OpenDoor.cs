using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>One door of the table in force: its acceptors, its flows, the probes it holds.</summary>
internal sealed class OpenDoor(Door door, DoorWorks works)
{
    private readonly Lock sync = new();
    private readonly Dictionary<int, Acceptor> acceptors = [];
    private readonly HashSet<Flow> flows = [];
    private readonly HashSet<HeldProbe> probes = [];
    private FlowEnd? withdrawn;
    private volatile Door door = door;

    public Door Door => door;

    public bool Drains => door.AcceptUntil is not null || door.CutAt is not null;

    /// <summary>Ports that are open now.</summary>
    public IReadOnlyCollection<int> Ports { get { lock (sync) return [.. acceptors.Keys]; } }

    /// <summary>Flows that are the door's now.</summary>
    public int Flows { get { lock (sync) return flows.Count; } }

    /// <summary>
    /// Makes the open ports those of <paramref name="node"/>'s listeners (none once <see cref="Door.AcceptUntil"/> has passed) and touches
    /// no other. Flows of a listener that is gone are reset. Network and address of a door are for life; a door whose have changed is another one.
    /// </summary>
    public IReadOnlyList<DoorTrouble> Follow(Door next, Node? node, DateTimeOffset now)
    {
        door = next;
        var ports = node?.Listeners.Select(l => l.Port).ToHashSet() ?? [];
        CutFlows(f => !ports.Contains(f.Origin.Listener.Port), FlowEnd.ListenerRemoved);
        if (next.AcceptUntil <= now) ports.Clear();
        lock (sync)
            foreach (var port in acceptors.Keys.Where(p => !ports.Contains(p)).ToList()) CloseLocked(port);
        Tick(now);
        return [.. ports.Select(Open).OfType<DoorTrouble>()];
    }

    /// <summary>Does what the door's times ask for: closes at <see cref="Door.AcceptUntil"/>, cuts at <see cref="Door.CutAt"/>.</summary>
    public void Tick(DateTimeOffset now)
    {
        if (door.AcceptUntil <= now) CloseAcceptors();
        if (door.CutAt <= now) CutFlows(_ => true, FlowEnd.DrainExpired);
    }

    /// <summary>Closes the door for good; what still comes in is turned away with the same <paramref name="end"/>.</summary>
    public void Withdraw(FlowEnd end)
    {
        lock (sync) withdrawn = end;
        CloseAcceptors();
        CutFlows(_ => true, end);
    }

    public void CloseAcceptors()
    {
        lock (sync)
            foreach (var port in acceptors.Keys.ToList()) CloseLocked(port);
    }

    /// <summary>Resets the held probes of ports for which <paramref name="serves"/> says no.</summary>
    public void RecheckProbes(Func<int, bool> serves)
    {
        HeldProbe[] held;
        lock (sync) held = probes.Count == 0 ? [] : [.. probes];
        foreach (var probe in held)
            if (!serves(probe.Port)) probe.Reset();
    }

    /// <summary>Null when the flow is now one of the door's; else why it may not be.</summary>
    public FlowEnd? Admit(Flow flow)
    {
        lock (sync)
        {
            if (withdrawn is not null) return withdrawn;
            if (!acceptors.ContainsKey(flow.Origin.Listener.Port)) return Drains ? FlowEnd.DrainExpired : FlowEnd.ListenerRemoved;
            if (!flow.IsOver) flows.Add(flow); // The sweep may have ended it just now, and then nobody would take it out again.
            return null;
        }
    }

    public void Forget(Flow flow)
    {
        lock (sync) flows.Remove(flow);
    }

    public bool Hold(HeldProbe probe)
    {
        lock (sync) return acceptors.ContainsKey(probe.Port) && probes.Add(probe);
    }

    public void Release(HeldProbe probe)
    {
        lock (sync) probes.Remove(probe);
    }

    private DoorTrouble? Open(int port)
    {
        lock (sync)
        {
            if (withdrawn is not null || acceptors.ContainsKey(port)) return null;
            try
            {
                var socket = works.Networks.Listen(door.Network, new IPEndPoint(door.Address, port), works.Options.Backlog);
                var acceptor = new Acceptor(socket, port, works.Time, works.Options.AcceptBackoff);
                acceptors.Add(port, acceptor);
                _ = acceptor.RunAsync((_, accepted) => works.Accepted(this, port, accepted));
                return null;
            }
            catch (SocketException e)
            {
                return new(door.Key, port, e.SocketErrorCode, e.Message);
            }
        }
    }

    private void CloseLocked(int port)
    {
        if (!acceptors.Remove(port, out var acceptor)) return;
        acceptor.Dispose();
        foreach (var probe in probes.Where(p => p.Port == port).ToList()) probe.Reset();
    }

    private void CutFlows(Func<Flow, bool> which, FlowEnd end)
    {
        Flow[] cut;
        lock (sync) cut = flows.Count == 0 ? [] : [.. flows.Where(which)];
        foreach (var flow in cut) flow.Cut(end);
    }
}

/// <summary>What every door needs from its relay.</summary>
internal sealed record DoorWorks(INetworks Networks, TimeProvider Time, RelayOptions Options, Action<OpenDoor, int, Socket> Accepted);
