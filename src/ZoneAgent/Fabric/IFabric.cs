using System.Net;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>An address of a network.</summary>
public readonly record struct Place(string Network, IPAddress Address)
{
    public override string ToString() => $"{Address} in {Network}";
}

/// <summary>A network the plan wants.</summary>
/// <param name="Network">The VPC id.</param>
/// <param name="Resolver">Where its resolver answers: written where programs of the network look for it.</param>
public sealed record NetworkWish(string Network, IPAddress Resolver);

/// <summary>
/// How plan entries become facts of the operating system: the one narrow edge at which tests and other kinds of fabric may put
/// something else. Every call is idempotent, takes a batch (one lock, one round trip), and returns the failures alone, with the
/// reason. Not for several threads at a time.
/// </summary>
public interface IFabric
{
    /// <summary>Makes networks, or brings what is there into shape.</summary>
    IReadOnlyDictionary<string, string> MakeNetworks(IReadOnlyCollection<NetworkWish> wishes);

    /// <summary>Makes addresses exist, and records that this agent needs them.</summary>
    IReadOnlyDictionary<Place, string> AddAddresses(IReadOnlyCollection<Place> places);

    /// <summary>Gives up this agent's need of addresses; they go when no other agent of the host needs them.</summary>
    IReadOnlyDictionary<Place, string> RemoveAddresses(IReadOnlyCollection<Place> places);

    /// <summary>Gives up this agent's need of networks; they go when no other agent of the host needs them.</summary>
    IReadOnlyDictionary<string, string> RemoveNetworks(IReadOnlyCollection<string> networks);

    /// <summary>What this agent has recorded to need, in this life or an earlier one.</summary>
    FabricHolds Holds();

    /// <summary>What really exists of one network; null when there is no such network.</summary>
    ObservedNetwork? Observe(string network);
}

/// <summary>A network as the operating system shows it.</summary>
/// <param name="Identity">Another one means that the network was deleted and made again: sockets made before are in the old one.</param>
public sealed record ObservedNetwork(string Identity, IReadOnlySet<IPAddress> Addresses);

/// <summary>What one agent has recorded to need on its host.</summary>
/// <param name="Networks">Includes those without addresses.</param>
public sealed record FabricHolds(IReadOnlySet<string> Networks, IReadOnlySet<Place> Addresses);
