using System.Globalization;
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

    /// <summary>The addresses an entry takes in its network; no two entries of a plan may take the same one.</summary>
    public static IEnumerable<(string VpcId, string Address)> Occupied(PlanEntry entry) => entry switch
    {
        DoorEntry door => [(door.VpcId, door.Address)],
        NodeEntry node => [(node.VpcId, node.Address)],
        NetworkEntry network when IsCidr(network.Cidr) => [(network.VpcId, Reserved(network.Cidr, 2)), (network.VpcId, Reserved(network.Cidr, 3))],
        _ => [],
    };

    /// <summary>The network's base address + <paramref name="offset"/>: 2 is the resolver, 3 the source of door probes.</summary>
    public static string Reserved(string cidr, byte offset)
    {
        var bytes = IPNetwork.Parse(cidr).BaseAddress.GetAddressBytes();
        bytes[3] += offset; // cannot carry: a network of /28 or wider ends in a multiple of 16
        return new IPAddress(bytes).ToString();
    }

    /// <summary>Faults of one entry taken alone: addresses, ports, ranges, key spelling.</summary>
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
        foreach (var (what, value, least, most) in Bounded(entry))
            if (!(value >= least && value <= most)) yield return string.Create(CultureInfo.InvariantCulture, $"{entry.Key}: {what} must be {least} to {most}");
        foreach (var (kind, key) in Pointers(entry))
            if (!key.StartsWith($"{kind}/", StringComparison.Ordinal)) yield return $"{entry.Key}: points to '{key}' where the key of a {kind} should be";
        foreach (var port in Ports(entry))
            if (port is < 1 or > 65535) yield return $"{entry.Key}: port {port} is not in 1-65535";
        if (entry is NetworkEntry network && !IsCidr(network.Cidr)) yield return $"{entry.Key}: '{network.Cidr}' is not an IPv4 CIDR of /28 or wider whose host bits are zero";
        if (entry is NetworkEntry { VpcId: var id } && !IsPlainName(id)) yield return $"{entry.Key}: a VPC id is 1-64 letters, digits, '-' and '_' (it names a namespace and a directory)";
    }

    /// <summary>Faults of a whole plan: each entry's own, doubled keys, doubled addresses of a network, and keys that point nowhere.</summary>
    public static IReadOnlyList<string> Faults(string zoneId, IReadOnlyCollection<PlanEntry> entries)
    {
        var faults = entries.SelectMany(FaultsOf).ToList();
        var keys = new HashSet<string>();
        var places = new HashSet<(string, string)>();
        foreach (var entry in entries)
        {
            if (!keys.Add(entry.Key)) faults.Add($"{entry.Key}: twice in the plan");
            foreach (var place in Occupied(entry))
                if (!places.Add(place)) faults.Add($"{entry.Key}: {place.Address} belongs to another entry of {place.VpcId}");
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

    /// <summary>
    /// What drives a timer or a counter: too small and it would spin, too large and no timer takes it (some end at 49 days). Wider than the
    /// vendor's ranges, which are the control plane's to enforce: a plan file may be in a hurry.
    /// </summary>
    private static IEnumerable<(string What, double Value, double Least, double Most)> Bounded(PlanEntry entry) => entry switch
    {
        NodeEntry e => e.Listeners.Select(l => ("idleTimeoutSeconds", (double)l.IdleTimeoutSeconds, 1d, 6000d)),
        TargetGroupEntry { HealthCheck: var check } => [("intervalSeconds", check.IntervalSeconds, 0.01, 3600), ("timeoutSeconds", check.TimeoutSeconds, 0.01, 3600),
            ("healthyThreshold", check.HealthyThreshold, 1, 100), ("unhealthyThreshold", check.UnhealthyThreshold, 1, 100)],
        NameEntry e => [("ttlSeconds", e.TtlSeconds, 1, 86400)],
        _ => [],
    };

    /// <summary>The keys whose kind the entry's own kind decides. An entry's key tells its kind, so that looking at the key is enough.</summary>
    private static IEnumerable<(string Kind, string Key)> Pointers(PlanEntry entry) => entry switch
    {
        DoorEntry e => [("node", e.NodeKey)],
        NodeEntry e => e.Listeners.Select(l => ("targetGroup", l.TargetGroupKey)),
        NameEntry e => e.DoorKeys.Select(key => ("door", key)),
        _ => [],
    };

    private static bool IsAddress(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    private static bool IsCidr(string text) =>
        IPNetwork.TryParse(text, out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && network.ToString() == text
        && network.PrefixLength <= 28;

    private static bool IsPlainName(string text) =>
        text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && text[0] is not '-';
}
