using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// Entries whose compiled form contains another entry's value: a door holds its network's probe source, a name its doors' addresses.
/// Both are constant for life by the product's rules; a hand-written plan may change them all the same. Only then is the zone searched.
/// </summary>
public static class Dependents
{
    /// <returns>Keys of entries that must be put in force anew, though they themselves did not change.</returns>
    public static IReadOnlySet<string> Of(ImmutableDictionary<string, PlanEntry> inForce, HeldPlan plan, IReadOnlyCollection<string> touched)
    {
        var found = new HashSet<string>();
        foreach (var key in touched)
            switch (inForce.GetValueOrDefault(key), plan.Entries.GetValueOrDefault(key))
            {
                case (NetworkEntry before, NetworkEntry after) when before.Cidr != after.Cidr:
                    found.UnionWith(plan.Entries.Values.OfType<DoorEntry>().Where(door => door.VpcId == after.VpcId).Select(door => door.Key));
                    break;
                case (DoorEntry before, DoorEntry after) when before.Address != after.Address:
                    found.UnionWith(plan.Entries.Values.OfType<NameEntry>().Where(name => name.DoorKeys.Contains(key)).Select(name => name.Key));
                    break;
            }
        return found;
    }
}
