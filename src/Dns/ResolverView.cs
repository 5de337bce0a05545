using System.Collections.Immutable;
using System.Net;

namespace PrivateLinkCloud.Dns;

/// <summary>
/// What one VPC's resolver knows: immutable, swapped whole on a plan change. Names are lower case without trailing dot.
/// <see cref="With"/> and <see cref="Without"/> make the next view in O(log n), so that one change in a large VPC stays cheap.
/// </summary>
/// <param name="Names">Every name that exists inside this VPC.</param>
/// <param name="EndpointDomain">Below this (e.g. <c>vpce.plc.internal</c>) we are authoritative: a name that is not in <paramref name="Names"/> is
/// NXDOMAIN by this view, even if another VPC's has it.</param>
public sealed record ResolverView(ImmutableDictionary<string, ViewName> Names, string EndpointDomain)
{
    private ImmutableDictionary<string, ViewName> names = Names;
    private ImmutableDictionary<string, int> branches = BranchCounts.Of(Names.Keys);

    public ImmutableDictionary<string, ViewName> Names
    {
        get => names;
        init => (names, branches) = (value, BranchCounts.Of(value.Keys));
    }

    /// <summary>This view with one name added or replaced.</summary>
    public ResolverView With(ViewName name) => this with
    {
        names = names.SetItem(name.Name, name),
        branches = names.ContainsKey(name.Name) ? branches : BranchCounts.Add(branches, name.Name, 1),
    };

    /// <summary>This view with one name gone; itself if it had no such name.</summary>
    public ResolverView Without(string name) => !names.ContainsKey(name) ? this : this with
    {
        names = names.Remove(name),
        branches = BranchCounts.Add(branches, name, -1),
    };

    /// <summary>Whether some name lies below this one. Such a name exists even if nothing is stored at it (empty non-terminal, RFC 8020).</summary>
    internal bool HasNamesBelow(string name) => branches.ContainsKey(name);

    /// <summary>Where in <paramref name="name"/> the closest hosted zone of ours begins; -1 if the name is in none.</summary>
    internal int HostedZoneStart(string name)
    {
        for (var start = 0; ;)
        {
            var suffix = start == 0 ? name : name[start..];
            if (suffix == EndpointDomain || (names.TryGetValue(suffix, out var found) && found.Overlay)) return start;
            var dot = name.IndexOf('.', start);
            if (dot < 0) return -1;
            start = dot + 1;
        }
    }
}

/// <param name="Overlay">True for a private name: it and everything below it is ours inside this VPC. False: an endpoint name.</param>
public sealed record ViewName(string Name, ImmutableArray<ViewDoor> Doors, int TtlSeconds, bool Overlay);

public sealed record ViewDoor(string Key, IPAddress Address);
