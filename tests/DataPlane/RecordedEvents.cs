using System.Collections.Concurrent;

namespace PrivateLinkCloud.DataPlane.Tests;

internal sealed class RecordedEvents : IRelayEvents
{
    public ConcurrentQueue<FlowRecord> Flows { get; } = new();
    public ConcurrentQueue<(TargetKey Target, TargetHealth Health)> Health { get; } = new();

    public void FlowEnded(FlowRecord flow) => Flows.Enqueue(flow);
    public void TargetHealthChanged(TargetKey target, TargetHealth health) => Health.Enqueue((target, health));

    /// <summary>The first <paramref name="count"/> flows that ended, once so many have.</summary>
    public async Task<FlowRecord[]> EndedAsync(int count)
    {
        await Eventually.Async(() => Flows.Count >= count, $"{count} flows ended, {Flows.Count} had");
        return [.. Flows.Take(count)];
    }

    public async Task<FlowRecord> OneEndedAsync() => (await EndedAsync(1))[0];
}
