namespace PrivateLinkCloud.Lab.Story;

/// <summary>A tenant's VPC in the lab: both tenants use the same addresses, which is the point.</summary>
/// <param name="SubnetIds">One per zone, in the order of the tenant's zone names.</param>
public sealed record Network(string VpcId, IReadOnlyList<SubnetInZone> Subnets)
{
    public const string Cidr = "10.0.0.0/16", Resolver = "10.0.0.2";

    public IReadOnlyList<string> SubnetIds => [.. Subnets.Select(s => s.Id)];

    /// <summary>Makes a VPC with a subnet in every zone the tenant sees.</summary>
    public static async Task<Network> CreateAsync(PublicApi api, CancellationToken ct)
    {
        var vpcId = (await api.PostAsync("/v1/vpcs", new { cidr = Cidr }, ct)).Text("id");
        var subnets = new List<SubnetInZone>();
        foreach (var zone in (await api.GetAsync("/v1/zones", ct)).List())
        {
            var third = subnets.Count + 1;
            var subnet = await api.PostAsync("/v1/subnets", new { vpcId, cidr = $"10.0.{third}.0/24", availabilityZone = zone.Text("zoneName") }, ct);
            subnets.Add(new SubnetInZone(subnet.Text("id"), zone.Text("zoneName"), zone.Text("zoneId"), third));
        }
        return new Network(vpcId, subnets);
    }

    /// <summary>What each letter means to this tenant, e.g. <c>us-east-1a = use1-az2</c>.</summary>
    public string ZoneNames => string.Join(", ", Subnets.Select(s => $"{s.ZoneName} = {s.ZoneId}"));
}

/// <param name="ZoneName">As the tenant calls the zone.</param>
/// <param name="Third">Third part of the subnet's addresses.</param>
public sealed record SubnetInZone(string Id, string ZoneName, string ZoneId, int Third)
{
    /// <summary>Addresses from .200 up are the tenant's own machines; the platform takes the lowest free ones.</summary>
    public string Machine(int number) => $"10.0.{Third}.{200 + number}";
}
