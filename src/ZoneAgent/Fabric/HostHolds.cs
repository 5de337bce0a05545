using System.Net;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// Which agent of the host needs which address: an empty file per need, <c>NETWORK/ADDRESS/AGENT</c>. The directory tree does the
/// counting: a directory can be removed only when nobody needs it any more. Under <see cref="HostLock"/>; costs nothing that grows
/// with the zone.
/// </summary>
public sealed class HostHolds(string root, string agentId)
{
    /// <summary>Stands for the need of the network itself.</summary>
    private const string NetworkItself = "network";

    public void Take(Place place) => Take(place.Network, place.Address.ToString());

    public void Take(string network) => Take(network, NetworkItself);

    /// <returns>True when no agent needs the address any more.</returns>
    public bool Release(Place place) => Release(place.Network, place.Address.ToString());

    /// <returns>True when no agent needs the network any more.</returns>
    public bool Release(string network) => Release(network, NetworkItself) && RemoveIfEmpty(Path.Combine(root, network));

    public FabricHolds Mine()
    {
        var (networks, places) = (new HashSet<string>(), new HashSet<Place>());
        foreach (var network in Networks())
            foreach (var item in Directory.EnumerateDirectories(Path.Combine(root, network)))
                if (File.Exists(Path.Combine(item, agentId)))
                {
                    networks.Add(network);
                    if (IPAddress.TryParse(Path.GetFileName(item), out var address)) places.Add(new Place(network, address));
                }
        return new FabricHolds(networks, places);
    }

    /// <summary>Every network that any agent of the host needs.</summary>
    public IEnumerable<string> Networks() =>
        Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)) : [];

    private void Take(string network, string item)
    {
        var directory = Path.Combine(root, network, item);
        Directory.CreateDirectory(directory);
        File.Create(Path.Combine(directory, agentId)).Dispose();
    }

    private bool Release(string network, string item)
    {
        var directory = Path.Combine(root, network, item);
        if (!Directory.Exists(directory)) return true;
        File.Delete(Path.Combine(directory, agentId));
        return RemoveIfEmpty(directory);
    }

    private static bool RemoveIfEmpty(string directory)
    {
        if (!Directory.Exists(directory)) return true;
        if (Directory.EnumerateFileSystemEntries(directory).Any()) return false;
        Directory.Delete(directory);
        return true;
    }
}
