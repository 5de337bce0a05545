using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// The agent's lines of the walk (stations 8 and 9): per door, when it was put in force, when it first passed the probe, when its
/// first flow reached a target. "First" is per life of the process and of the door.
/// </summary>
public sealed class WalkLog(ILogger<WalkLog> logger)
{
    private readonly ConcurrentDictionary<string, bool> _passed = new();
    private readonly ConcurrentDictionary<string, bool> _carried = new();

    /// <summary>One line for each door of this zone that is now in force as changed.</summary>
    public void Applied(HeldPlan plan, PlanDiff diff, IReadOnlyDictionary<string, string> failed)
    {
        foreach (var door in diff.Removed.OfType<DoorEntry>()) Forget(door.Key);
        foreach (var door in diff.Added.Concat(diff.Changed.Select(change => change.After)).OfType<DoorEntry>())
            if (plan.Serves(door) && !failed.ContainsKey(door.Key)) logger.DoorApplied(door.EndpointId, door.ZoneId, plan.Revision, diff.ToString());
    }

    public void Passes(string doorKey, string endpointId, string zone)
    {
        if (_passed.TryAdd(doorKey, true)) logger.FirstPass(endpointId, zone);
    }

    public void Carried(Door door, string zone, Target target)
    {
        // Read first: this is asked for every flow, and after the first one the answer never changes.
        if (!_carried.ContainsKey(door.Key) && _carried.TryAdd(door.Key, true)) logger.FirstFlow(door.EndpointId, zone, $"{target.Address}:{target.Port}");
    }

    private void Forget(string doorKey)
    {
        _passed.TryRemove(doorKey, out _);
        _carried.TryRemove(doorKey, out _);
    }
}
