using System.Collections.Concurrent;

namespace PrivateLinkCloud.DataPlane;

/// <summary>The groups that some node's listener uses, and their health. A group nobody uses is not checked.</summary>
internal sealed class TargetGroups(INetworks networks, TimeProvider time, Action<string, TargetKey, TargetHealth, HealthStatus> changed) : IDisposable
{
    private readonly TcpCheck check = new(networks, time);
    private readonly ConcurrentDictionary<string, TargetGroupHealth> groups = new();
    private readonly ConcurrentDictionary<TargetKey, TargetHealth> health = new();

    public IReadOnlyDictionary<TargetKey, TargetHealth> Health => health;

    public InService InService(string groupKey) => groups.TryGetValue(groupKey, out var group) ? group.InService : DataPlane.InService.Nothing;

    /// <param name="from">The node to check from; null when none uses the group any more.</param>
    public void Follow(string groupKey, TargetGroup? group, Node? from)
    {
        if (group is not null && from is not null)
            groups.GetOrAdd(groupKey, _ => new(check, time, Note, (g, key, state, before) => changed(g.Key, key, state, before))).Follow(group, from);
        else if (groups.TryRemove(groupKey, out var unused))
            unused.Dispose();
    }

    private void Note(TargetKey key, TargetHealth? state)
    {
        if (state is null) health.TryRemove(key, out _);
        else health[key] = state;
    }

    public void Dispose()
    {
        foreach (var group in groups.Values) group.Dispose();
    }
}
