using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>Serves nothing and keeps what it was told: for measuring the reconciler alone, and for tests of the order of things.</summary>
public sealed class NullDataPlane : IDataPlane
{
    /// <summary>The table in force.</summary>
    public RelayTable Table { get; private set; } = RelayTable.Empty;

    /// <summary>What was asked, in order; null to keep none.</summary>
    public IList<string>? Log { get; init; }

    /// <summary>Doors that are to fail to open, with the reason.</summary>
    public Dictionary<string, string> Failing { get; } = [];

    public IReadOnlyDictionary<string, string> ApplyRelay(RelayTable next, RelayChanges changes)
    {
        Table = next;
        Log?.Add($"relay {string.Join(' ', changes.Doors.Concat(changes.Nodes).Concat(changes.TargetGroups))}");
        return Failing.Where(f => changes.Doors.Contains(f.Key) && next.Doors.ContainsKey(f.Key)).ToDictionary();
    }

    public void Watch(DoorEntry entry, ProbedDoor door) => Log?.Add($"watch {entry.Key}");

    public void Forget(string doorKey) => Log?.Add($"forget {doorKey}");

    public string? OpenResolver(string network, IPAddress address)
    {
        Log?.Add($"open resolver {address} in {network}");
        return null;
    }

    public void CloseResolver(string network) => Log?.Add($"close resolver in {network}");

    public void SetName(string network, ViewName name) => Log?.Add($"say {name.Name} [{string.Join(' ', name.Doors.Select(d => d.Address))}]");

    public void WithdrawName(string network, string name) => Log?.Add($"unsay {name}");

    public void KickProbes(IReadOnlyCollection<string> doorKeys)
    {
    }
}
