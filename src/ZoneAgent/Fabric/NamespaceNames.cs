namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>Where the fabric of one instance lies on the host. One instance never touches what bears another's name.</summary>
/// <param name="Instance">Prefix of all it makes, e.g. <c>plc</c>.</param>
/// <param name="RuntimeDirectory"><c>/run</c>: emptied by a reboot, as the namespaces are.</param>
/// <param name="LockDirectory"><c>/run/lock</c>.</param>
public sealed record NamespaceNames(string Instance, string RuntimeDirectory = "/run", string LockDirectory = "/run/lock")
{
    /// <summary>As <c>ip netns</c> lists it.</summary>
    public string NameOf(string network) => $"{Instance}-{network}";

    public string PathOf(string network) => $"/run/netns/{NameOf(network)}";

    /// <summary>Read by <c>ip netns exec</c>, which mounts it over /etc/resolv.conf.</summary>
    public string ResolverFileOf(string network) => $"/etc/netns/{NameOf(network)}/resolv.conf";

    /// <summary>Who needs what: <c>holds/NETWORK/ADDRESS/AGENT</c>.</summary>
    public string HoldsDirectory => Path.Combine(RuntimeDirectory, Instance, "holds");

    /// <summary>Which agents live: a file per agent, locked for as long as it does.</summary>
    public string AgentsDirectory => Path.Combine(RuntimeDirectory, Instance, "agents");

    public string LockFile => Path.Combine(LockDirectory, $"{Instance}.lock");
}
