using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// What serves: relay, door probes and resolvers, as the reconciler turns them. Every call is idempotent. Called by one thread at a time.
/// </summary>
public interface IDataPlane
{
    /// <summary>Puts a table in force.</summary>
    /// <returns>The doors that could not be opened, with the reason.</returns>
    IReadOnlyDictionary<string, string> ApplyRelay(RelayTable next, RelayChanges changes);

    /// <summary>Probes a door from now on, or as it is now.</summary>
    void Watch(DoorEntry entry, ProbedDoor door);

    void Forget(string doorKey);

    /// <summary>Answers DNS in a network at this address.</summary>
    /// <returns>Null, or why not.</returns>
    string? OpenResolver(string network, IPAddress address);

    void CloseResolver(string network);

    void SetName(string network, ViewName name);

    void WithdrawName(string network, string name);

    /// <summary>Looks at the probed doors now instead of at their next turn: something changed that they may depend on.</summary>
    void KickProbes(IReadOnlyCollection<string> doorKeys);
}

/// <summary>The keys that differ between the table in force and the next one.</summary>
public sealed record RelayChanges(IReadOnlyCollection<string> Doors, IReadOnlyCollection<string> Nodes, IReadOnlyCollection<string> TargetGroups);
