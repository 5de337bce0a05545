using System.Net;
using Marten;
using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Vpcs;

/// <param name="Resolver">Where workloads in the VPC ask for names: base + 2.</param>
public sealed record VpcShape(string Id, string Account, string Region, string Cidr, string Resolver, bool EnableDnsSupport, bool EnableDnsHostnames)
{
    public static VpcShape Of(Vpc vpc) => new(vpc.Id, vpc.Account, vpc.RegionId, vpc.Cidr, IPNetwork.Parse(vpc.Cidr).BaseAddress.Plus(2).ToString(), vpc.EnableDnsSupport, vpc.EnableDnsHostnames);
}

/// <param name="AvailableAddresses">What endpoints and load balancers can still get here.</param>
public sealed record SubnetShape(string Id, string VpcId, string Cidr, string AvailabilityZone, string ZoneId, long AvailableAddresses)
{
    public static SubnetShape Of(Vpc vpc, Subnet subnet, ZoneNames zones, long taken) =>
        new(subnet.Id, vpc.Id, subnet.Cidr, zones.Name(subnet.ZoneId), subnet.ZoneId, Addressing.PoolSize(IPNetwork.Parse(subnet.Cidr)) - taken);
}

/// <summary>What the tenant sees of its networks, and which of a subnet's addresses are free.</summary>
public sealed class VpcQueries(IDocumentStore store, NpgsqlDataSource database)
{
    public async Task<Vpc?> VpcAsync(string account, string id, CancellationToken ct)
    {
        await using var session = store.QuerySession(account);
        return await session.LoadAsync<Vpc>(id, ct) is { Deleted: false } vpc ? vpc : null;
    }

    public async Task<IReadOnlyList<Vpc>> VpcsAsync(string account, CancellationToken ct)
    {
        await using var session = store.QuerySession(account);
        return await session.Query<Vpc>().Where(v => !v.Deleted).OrderBy(v => v.Id).ToListAsync(ct);
    }

    /// <summary>The VPC that holds a subnet of this account; null when there is none.</summary>
    public async Task<Vpc?> VpcOfSubnetAsync(string account, string subnetId, CancellationToken ct)
    {
        await using var session = store.QuerySession(account);
        return await session.Query<Vpc>().Where(v => !v.Deleted && v.Subnets.Any(s => s.Id == subnetId)).FirstOrDefaultAsync(ct);
    }

    /// <summary>A free address of a subnet, not yet claimed: the claim decides. Null when the subnet is exhausted. The lowest at first; whoever lost
    /// an address to another looks from anywhere, or all losers would race for the next one again.</summary>
    public async Task<string?> FreeAddressAsync(Subnet subnet, bool again, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select key from app.claims where scope = $1");
        command.Parameters.Add(new() { Value = VpcDecider.AddressScope(subnet.Id) });
        var taken = new HashSet<string>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) taken.Add(reader.GetString(0));
        return Addressing.LowestFree(IPNetwork.Parse(subnet.Cidr), taken, again ? Ids.NewSeed() : 0)?.ToString();
    }

    /// <summary>How many addresses of each subnet are taken; a subnet without any is left out.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TakenAddressesAsync(IEnumerable<Subnet> subnets, CancellationToken ct)
    {
        var scopes = subnets.ToDictionary(s => VpcDecider.AddressScope(s.Id), s => s.Id);
        await using var command = database.CreateCommand("select scope, count(*) from app.claims where scope = any($1) group by scope");
        command.Parameters.Add(new() { Value = scopes.Keys.ToArray() });
        var taken = new Dictionary<string, long>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct)) taken[scopes[reader.GetString(0)]] = reader.GetInt64(1);
        return taken;
    }

    public static Rejection VpcNotFound(string id) => Rejection.NotFound("InvalidVpcID.NotFound", "VPC", id);
    public static Rejection SubnetNotFound(string id) => Rejection.NotFound("InvalidSubnetID.NotFound", "subnet", id);
    public static Rejection SubnetExhausted(string id) => new(RejectionKind.Conflict, "InsufficientFreeAddressesInSubnet", $"{id} has no free address left. Use another subnet, or delete an endpoint in this one.");
}
