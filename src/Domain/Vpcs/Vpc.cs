using System.Net;

namespace PrivateLinkCloud.Domain.Vpcs;

/// <summary>A tenant's own network. Any number of VPCs may have the same CIDR (S-02).</summary>
public sealed record Vpc(string Id, string Account, string RegionId, string Cidr, IReadOnlyList<Subnet> Subnets) : IFold<Vpc>
{
    public int Version { get; init; }

    /// <summary>Deleted VPCs are remembered, because ids are never reused (S-17).</summary>
    public bool Deleted { get; init; }
    public bool EnableDnsSupport { get; init; } = true;
    public bool EnableDnsHostnames { get; init; } = true;
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(VpcCreated), typeof(SubnetCreated), typeof(SubnetDeleted), typeof(VpcDnsAttributesSet), typeof(VpcDeleted)];

    public static Vpc? Evolve(Vpc? state, object @event) => (state, @event) switch
    {
        (_, VpcCreated e) => new Vpc(e.VpcId, e.Account, e.RegionId, e.Cidr, []),
        ({ } vpc, SubnetCreated e) => vpc with { Subnets = [.. vpc.Subnets, new Subnet(e.SubnetId, e.Cidr, e.ZoneId)] },
        ({ } vpc, SubnetDeleted e) => vpc with { Subnets = [.. vpc.Subnets.Where(s => s.Id != e.SubnetId)] },
        ({ } vpc, VpcDnsAttributesSet e) => vpc with { EnableDnsSupport = e.EnableDnsSupport, EnableDnsHostnames = e.EnableDnsHostnames },
        ({ } vpc, VpcDeleted) => vpc with { Deleted = true },
        _ => state,
    };

    public Subnet? SubnetOf(IPAddress address) => Subnets.FirstOrDefault(s => IPNetwork.Parse(s.Cidr).Contains(address));
}

/// <summary>Belongs to exactly one zone (S-03).</summary>
public sealed record Subnet(string Id, string Cidr, string ZoneId);

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record VpcCreated(string VpcId, string Account, string RegionId, string Cidr, DateTimeOffset At);
public sealed record SubnetCreated(string VpcId, string SubnetId, string Cidr, string ZoneId, DateTimeOffset At);
public sealed record SubnetDeleted(string VpcId, string SubnetId, DateTimeOffset At);
public sealed record VpcDnsAttributesSet(string VpcId, bool EnableDnsSupport, bool EnableDnsHostnames, DateTimeOffset At);
public sealed record VpcDeleted(string VpcId, DateTimeOffset At);

public sealed record CreateVpc(string VpcId, string Account, string RegionId, string? Cidr, DateTimeOffset Now);

/// <param name="ZoneId">The physical zone the tenant's zone name stands for; null when the tenant has no such zone.</param>
public sealed record CreateSubnet(string SubnetId, string? Cidr, string? ZoneName, string? ZoneId, DateTimeOffset Now);
public sealed record DeleteSubnet(string SubnetId, DateTimeOffset Now);
public sealed record SetVpcDnsAttributes(bool? EnableDnsSupport, bool? EnableDnsHostnames, DateTimeOffset Now);
public sealed record DeleteVpc(DateTimeOffset Now);
