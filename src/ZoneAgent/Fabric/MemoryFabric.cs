using System.Net;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// A fabric that only remembers: for measuring the reconciler without an operating system underneath, and for tests of the order of
/// things. It keeps the same law as the real one: no address without its network.
/// </summary>
public sealed class MemoryFabric : IFabric
{
    private readonly Dictionary<string, HashSet<IPAddress>> _networks = [];

    /// <summary>What was asked, in order: <c>make vpc-1</c>, <c>add 10.0.0.2 in vpc-1</c> …; null to keep none.</summary>
    public IList<string>? Log { get; init; }

    public IReadOnlyDictionary<string, string> MakeNetworks(IReadOnlyCollection<NetworkWish> wishes)
    {
        foreach (var wish in wishes)
        {
            _networks.TryAdd(wish.Network, []);
            Log?.Add($"make {wish.Network}");
        }
        return new Dictionary<string, string>();
    }

    public IReadOnlyDictionary<Place, string> AddAddresses(IReadOnlyCollection<Place> places)
    {
        var failures = new Dictionary<Place, string>();
        foreach (var place in places)
        {
            if (_networks.TryGetValue(place.Network, out var addresses)) addresses.Add(place.Address);
            else failures[place] = "no such network";
            Log?.Add($"add {place}");
        }
        return failures;
    }

    public IReadOnlyDictionary<Place, string> RemoveAddresses(IReadOnlyCollection<Place> places)
    {
        foreach (var place in places)
        {
            _networks.GetValueOrDefault(place.Network)?.Remove(place.Address);
            Log?.Add($"remove {place}");
        }
        return new Dictionary<Place, string>();
    }

    public IReadOnlyDictionary<string, string> RemoveNetworks(IReadOnlyCollection<string> networks)
    {
        foreach (var network in networks)
        {
            _networks.Remove(network);
            Log?.Add($"unmake {network}");
        }
        return new Dictionary<string, string>();
    }

    public FabricHolds Holds() => new(_networks.Keys.ToHashSet(), _networks.SelectMany(n => n.Value.Select(a => new Place(n.Key, a))).ToHashSet());

    public ObservedNetwork? Observe(string network) => _networks.TryGetValue(network, out var addresses) ? new ObservedNetwork(network, addresses) : null;
}
