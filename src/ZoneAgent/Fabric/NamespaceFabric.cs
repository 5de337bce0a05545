using System.ComponentModel;
using System.Net;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// A VPC as one network namespace of the host, shared by the agents of all its zones:
/// <code>
///   namespace plc-vpc-…          plc0 ═══ plc1   a veth pair with both ends inside: a place for addresses (no dummy interface
///     10.0.0.2/32  resolver      ^                in every kernel), always up
///     10.0.0.3/32  probe source  all on plc0
///     10.0.1.10/32 door …
/// </code>
/// Needs root (CAP_NET_ADMIN, CAP_SYS_ADMIN).
/// </summary>
public sealed class NamespaceFabric(NamespaceNames names, NetworkSysctls sysctls, NamespaceThread thread, string agentId) : IFabric
{
    private const string Inside = "plc0", Peer = "plc1";
    private readonly HostHolds _holds = new(names.HoldsDirectory, agentId);

    public IReadOnlyDictionary<string, string> MakeNetworks(IReadOnlyCollection<NetworkWish> wishes)
    {
        using var guard = HostLock.Take(names.LockFile);
        var failures = new Dictionary<string, string>();
        foreach (var wish in wishes)
            if (Make(wish) is { } reason) failures[wish.Network] = reason;
        return failures;
    }

    public IReadOnlyDictionary<Place, string> AddAddresses(IReadOnlyCollection<Place> places)
    {
        using var guard = HostLock.Take(names.LockFile);
        foreach (var place in places) _holds.Take(place); // first the need, then the fact: a crash in between leaves nothing that nobody owns
        return Change(places, static (link, addresses) => link.Add(addresses));
    }

    public IReadOnlyDictionary<Place, string> RemoveAddresses(IReadOnlyCollection<Place> places)
    {
        using var guard = HostLock.Take(names.LockFile);
        var unneeded = places.Where(_holds.Release).Where(place => File.Exists(names.PathOf(place.Network))).ToList();
        return Change(unneeded, static (link, addresses) => link.Delete(addresses));
    }

    public IReadOnlyDictionary<string, string> RemoveNetworks(IReadOnlyCollection<string> networks)
    {
        using var guard = HostLock.Take(names.LockFile);
        var failures = new Dictionary<string, string>();
        foreach (var network in networks.Where(_holds.Release))
            if (Unmake(network) is { } reason) failures[network] = reason;
        return failures;
    }

    public FabricHolds Holds()
    {
        using var guard = HostLock.Take(names.LockFile);
        return _holds.Mine();
    }

    public ObservedNetwork? Observe(string network)
    {
        try
        {
            return thread.In(names.PathOf(network), () =>
            {
                using var link = new RouteNetlink(Inside);
                return new ObservedNetwork(new FileInfo("/proc/thread-self/ns/net").LinkTarget!, link.List());
            });
        }
        catch (Win32Exception)
        {
            return null; // no namespace, or not one of our making
        }
    }

    /// <summary>Removes what any agent of this instance made on this host, dead or alive. Returns what went, and what would not.</summary>
    public static (IReadOnlyList<string> Removed, IReadOnlyList<string> Failed) RemoveAll(NamespaceNames names)
    {
        using var guard = HostLock.Take(names.LockFile);
        var (removed, failed) = (new List<string>(), new List<string>());
        foreach (var network in AllNetworks(names))
            if (Unmake(names, network) is { } reason) failed.Add(reason);
            else removed.Add(names.NameOf(network));
        if (failed.Count == 0) RemoveRuntime(names);
        return (removed, failed);
    }

    /// <summary>Only what agents put there, by name: the directory above is a setting, and settings may be wrong.</summary>
    private static void RemoveRuntime(NamespaceNames names)
    {
        if (Directory.Exists(names.HoldsDirectory)) Directory.Delete(names.HoldsDirectory, recursive: true);
        AgentLock.RemoveUnheld(names);
        var runtime = Path.GetDirectoryName(names.HoldsDirectory)!;
        if (Directory.Exists(runtime) && !Directory.EnumerateFileSystemEntries(runtime).Any()) Directory.Delete(runtime);
    }

    /// <summary>By the holds; by name as well, for VPCs of the field's spelling whose holds are lost.</summary>
    private static List<string> AllNetworks(NamespaceNames names)
    {
        var bySpelling = new[] { "/run/netns", "/etc/netns" }.Where(Directory.Exists)
            .SelectMany(directory => Directory.EnumerateFileSystemEntries(directory, names.NameOf("vpc-") + "*"))
            .Select(path => Path.GetFileName(path)[(names.Instance.Length + 1)..]);
        return new HostHolds(names.HoldsDirectory, "").Networks().Union(bySpelling).Order(StringComparer.Ordinal).ToList();
    }

    private string? Make(NetworkWish wish)
    {
        _holds.Take(wish.Network);
        var name = names.NameOf(wish.Network);
        if (!IsNamespace(wish.Network))
        {
            if (File.Exists(names.PathOf(wish.Network))) IpCommand.Run("netns", "delete", name); // a mount point whose mount is gone
            if (IpCommand.Run("netns", "add", name) is { } reason) return reason;
        }
        try
        {
            var linked = thread.In(names.PathOf(wish.Network), () =>
            {
                sysctls.Apply();
                return Directory.Exists($"/proc/sys/net/ipv4/conf/{Inside}");
            });
            var lines = linked ? Array.Empty<string>() : [$"link add {Inside} type veth peer name {Peer}"];
            if (IpCommand.Batch(name, [.. lines, "link set lo up", $"link set {Peer} up", $"link set {Inside} up"]) is { } refused) return refused;
            WriteResolverFile(wish);
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            return $"{name}: {e.Message}";
        }
    }

    private bool IsNamespace(string network)
    {
        try
        {
            return thread.In(names.PathOf(network), () => true);
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>So that <c>ip netns exec</c> asks the VPC's resolver. Content is compared: a file that is right is not written again.</summary>
    private void WriteResolverFile(NetworkWish wish)
    {
        var (path, text) = (names.ResolverFileOf(wish.Network), $"nameserver {wish.Resolver}\n");
        if (File.Exists(path) && File.ReadAllText(path) == text) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private string? Unmake(string network) => Unmake(names, network);

    private static string? Unmake(NamespaceNames names, string network)
    {
        var settings = Path.GetDirectoryName(names.ResolverFileOf(network))!;
        if (Directory.Exists(settings)) Directory.Delete(settings, recursive: true);
        return File.Exists(names.PathOf(network)) ? IpCommand.Run("netns", "delete", names.NameOf(network)) : null;
    }

    private Dictionary<Place, string> Change(
        IReadOnlyCollection<Place> places, Func<RouteNetlink, IEnumerable<IPAddress>, IReadOnlyDictionary<IPAddress, int>> change)
    {
        var failures = new Dictionary<Place, string>();
        foreach (var group in places.GroupBy(place => place.Network))
            try
            {
                var failed = thread.In(names.PathOf(group.Key), () =>
                {
                    using var link = new RouteNetlink(Inside);
                    return change(link, group.Select(place => place.Address));
                });
                foreach (var (address, error) in failed) failures[new Place(group.Key, address)] = new Win32Exception(error).Message;
            }
            catch (Win32Exception e)
            {
                foreach (var place in group) failures[place] = e.Message;
            }
        return failures;
    }
}
