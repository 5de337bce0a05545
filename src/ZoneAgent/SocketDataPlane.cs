using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;
using PrivateLinkCloud.ZoneAgent.Resolvers;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>The real thing behind <see cref="IDataPlane"/>: relay, prober and resolvers, and what they have to tell each other.</summary>
public sealed class SocketDataPlane : IDataPlane, IRelayEvents, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, DoorEntry> _watched = new();
    private readonly Relay _relay;
    private readonly DoorProber _prober;
    private readonly ResolverHost _resolvers;
    private readonly WalkLog _walk;
    private readonly ILogger _logger;

    public SocketDataPlane(INetworks networks, ResolverSettings resolvers, RelayOptions relay, ProbeOptions probe, TimeProvider time, WalkLog walk, ILogger<SocketDataPlane> logger)
    {
        (_walk, _logger) = (walk, logger);
        _relay = new Relay(networks, time, relay, this);
        _prober = new DoorProber(networks, time, probe, OnPassing);
        _resolvers = new ResolverHost(networks, resolvers, _prober.IsPassing, time);
    }

    /// <summary>A target's health changed. Handlers return quickly and wait for nothing.</summary>
    public event Action? HealthChanged;

    public IReadOnlyDictionary<TargetKey, TargetHealth> Health => _relay.Health;

    /// <summary>Per endpoint id, since this process began; endpoints without any flow so far are absent.</summary>
    public IReadOnlyDictionary<string, EndpointCounters> Counters => _relay.Counters();

    public IReadOnlyDictionary<string, string> ApplyRelay(RelayTable next, RelayChanges changes) =>
        _relay.Apply(next, changes.Doors, changes.Nodes, changes.TargetGroups)
            .GroupBy(trouble => trouble.DoorKey)
            .ToDictionary(door => door.Key, door => string.Join("; ", door.Select(t => $"port {t.Port} cannot be opened: {t.Reason} ({t.Error})")));

    public void Watch(DoorEntry entry, ProbedDoor door)
    {
        _watched[entry.Key] = entry;
        _prober.Watch(door);
    }

    public void Forget(string doorKey)
    {
        _prober.Forget(doorKey);
        _watched.TryRemove(doorKey, out _);
    }

    public void KickProbes(IReadOnlyCollection<string> doorKeys)
    {
        foreach (var key in doorKeys) _prober.Kick(key);
    }

    public string? OpenResolver(string network, IPAddress address) => _resolvers.Open(network, address);

    public void CloseResolver(string network) => _resolvers.Close(network);

    public void SetName(string network, ViewName name) => _resolvers.Set(network, name);

    public void WithdrawName(string network, string name) => _resolvers.Withdraw(network, name);

    public void FlowConnected(Door door, string zoneId, Target target) => _walk.Carried(door, zoneId, target);

    public void FlowEnded(FlowRecord flow)
    {
        if (_logger.IsEnabled(LogLevel.Debug))
            _logger.FlowEnded(flow.EndpointId, flow.Client.ToString(), flow.Target?.ToString() ?? "none", flow.End.ToString(), flow.BytesToTarget, flow.BytesToConsumer);
    }

    public void TargetHealthChanged(TargetKey target, TargetHealth health)
    {
        _logger.TargetHealth($"{target.Address}:{target.Port}", target.TargetGroupKey, health.Status.ToString(), health.Reason ?? "checks pass");
        HealthChanged?.Invoke();
        if (health.Status == HealthStatus.Healthy) KickDoorsBehind(target.TargetGroupKey);
    }

    public async ValueTask DisposeAsync()
    {
        _resolvers.Dispose();
        await _prober.DisposeAsync();
        await _relay.DisposeAsync();
    }

    /// <summary>A door that failed for want of a target may pass now; without this it would wait for its next try, up to a second.</summary>
    private void KickDoorsBehind(string groupKey)
    {
        var table = _relay.Table;
        var nodes = table.Nodes.Values.Where(n => n.Listeners.Any(l => l.TargetGroupKey == groupKey)).Select(n => n.Key).ToHashSet();
        foreach (var door in table.Doors.Values)
            if (nodes.Contains(door.NodeKey)) _prober.Kick(door.Key);
    }

    private void OnPassing(string doorKey, bool passes)
    {
        if (!_watched.TryGetValue(doorKey, out var door)) return;
        if (passes) _walk.Passes(doorKey, door.EndpointId, door.ZoneId);
        _logger.DoorPassing(door.EndpointId, door.Address, passes ? "passes" : "does not pass");
    }
}
