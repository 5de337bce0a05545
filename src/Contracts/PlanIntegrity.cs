using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Contracts;

/// <summary>
/// What makes a plan fit to publish and fit to apply; the zone's writer and the agent ask the same question. Every fault is a
/// sentence that names the entry.
/// </summary>
public static class PlanIntegrity
{
    /// <summary>The keys an entry needs in the same plan. A door of another zone needs no node there: it is only probed and named.</summary>
    public static IEnumerable<string> References(PlanEntry entry, string zoneId) => entry switch
    {
        DoorEntry door => door.ZoneId == zoneId ? [PlanKeys.Network(door.VpcId), door.NodeKey] : [PlanKeys.Network(door.VpcId)],
        NodeEntry node => node.Listeners.Select(l => l.TargetGroupKey).Prepend(PlanKeys.Network(node.VpcId)),
        TargetGroupEntry group => [PlanKeys.Network(group.VpcId)],
        NameEntry name => name.DoorKeys.Prepend(PlanKeys.Network(name.VpcId)),
        _ => [],
    };

    /// <summary>Faults of one entry taken alone: addresses, ports, key spelling.</summary>
    public static IEnumerable<string> FaultsOf(PlanEntry entry)
    {
        var expected = entry switch
        {
            NetworkEntry e => PlanKeys.Network(e.VpcId),
            DoorEntry e => PlanKeys.Door(e.NetworkInterfaceId),
            NodeEntry e => e.Key.StartsWith("node/", StringComparison.Ordinal) && e.Key.EndsWith($"/{e.ZoneId}", StringComparison.Ordinal) ? e.Key : "node/<load balancer>/<zone>",
            TargetGroupEntry e => e.Key.StartsWith("targetGroup/", StringComparison.Ordinal) ? e.Key : "targetGroup/<id>",
            NameEntry e => PlanKeys.Name(e.VpcId, e.Name),
            _ => entry.Key,
        };
        if (entry.Key != expected) yield return $"{entry.Key}: the key should be {expected}";
        foreach (var address in Addresses(entry))
            if (!IsAddress(address)) yield return $"{entry.Key}: '{address}' is not an IPv4 address";
        foreach (var port in Ports(entry))
            if (port is < 1 or > 65535) yield return $"{entry.Key}: port {port} is not in 1-65535";
        if (entry is NetworkEntry network && !IsCidr(network.Cidr)) yield return $"{entry.Key}: '{network.Cidr}' is not an IPv4 CIDR whose host bits are zero";
    }

    /// <summary>Faults of a whole plan: each entry's own, doubled keys, doubled addresses of a network, and keys that point nowhere.</summary>
    public static IReadOnlyList<string> Faults(string zoneId, IReadOnlyCollection<PlanEntry> entries)
    {
        var faults = entries.SelectMany(FaultsOf).ToList();
        var keys = new HashSet<string>();
        var doors = new HashSet<(string, string)>();
        foreach (var entry in entries)
        {
            if (!keys.Add(entry.Key)) faults.Add($"{entry.Key}: twice in the plan");
            if (entry is DoorEntry door && !doors.Add((door.VpcId, door.Address))) faults.Add($"{entry.Key}: {door.Address} belongs to another door of {door.VpcId}");
        }
        foreach (var entry in entries)
            foreach (var needed in References(entry, zoneId))
                if (!keys.Contains(needed)) faults.Add($"{entry.Key}: points to {needed}, which the plan does not hold");
        return faults;
    }

    private static IEnumerable<string> Addresses(PlanEntry entry) => entry switch
    {
        DoorEntry e => [e.Address],
        NodeEntry e => [e.Address],
        TargetGroupEntry e => e.Targets.Select(t => t.Address),
        _ => [],
    };

    private static IEnumerable<int> Ports(PlanEntry entry) => entry switch
    {
        DoorEntry { ProbePort: { } port } => [port],
        NodeEntry e => e.Listeners.Select(l => l.Port),
        TargetGroupEntry e => e.Targets.Select(t => t.Port),
        _ => [],
    };

    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static bool IsCidr(string text) =>
        IPNetwork.TryParse(text, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && network.ToString() == text;
}
