using System.Net;

namespace PrivateLinkCloud.Domain.Vpcs;

/// <summary>The law of VPCs and subnets (S-02, S-03).</summary>
public static class VpcDecider
{
    /// <summary>The vendor's quota; not adjustable here yet.</summary>
    public const int SubnetsPerVpc = 200;

    /// <summary>Claim scope of the addresses given out in a subnet; key = address, owner = whoever holds it.</summary>
    public static string AddressScope(string subnetId) => $"address/{subnetId}";

    /// <summary>Claim scope of what is in a VPC without being in one of its subnets; key = owner.</summary>
    public static string UseScope(string vpcId) => $"vpc-use/{vpcId}";

    public static Decision Create(Vpc? vpc, CreateVpc c) =>
        vpc is not null ? Rejection.Conflict("InvalidVpcID.Exists", "The id is taken.")
        : Addressing.ParseCidr(c.Cidr) is not { } cidr ? InvalidCidr("InvalidVpcRange.Malformed", c.Cidr)
        : cidr.PrefixLength is < 16 or > 28 ? Rejection.Invalid("InvalidVpcRange", $"A VPC is between /16 and /28; '{c.Cidr}' is not. Choose another size.")
        : !Addressing.IsPrivate(cidr.BaseAddress) ? Rejection.Invalid("InvalidVpcRange.Public", $"'{c.Cidr}' is not a private range. Use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10.")
        : Decision.Of(new VpcCreated(c.VpcId, c.Account, c.RegionId, c.Cidr!, c.Now));

    public static Decision CreateSubnet(Vpc vpc, CreateSubnet c)
    {
        if (Addressing.ParseCidr(c.Cidr) is not { } cidr) return InvalidCidr("InvalidSubnet.Malformed", c.Cidr);
        if (cidr.PrefixLength is < 16 or > 28) return Rejection.Invalid("InvalidSubnet.Size", $"A subnet is between /16 and /28; '{c.Cidr}' is not. Choose another size.");
        if (!IPNetwork.Parse(vpc.Cidr).Contains(cidr)) return Rejection.Invalid("InvalidSubnet.Range", $"'{c.Cidr}' is not inside the VPC's {vpc.Cidr}. Choose a part of that.");
        if (c.ZoneId is null) return Rejection.Invalid("InvalidParameterValue.AvailabilityZone", $"You have no zone '{c.ZoneName}' in {vpc.RegionId}. GET /v1/zones lists yours.");
        if (vpc.Subnets.FirstOrDefault(s => IPNetwork.Parse(s.Cidr).Overlaps(cidr)) is { } other)
            return Rejection.Conflict("InvalidSubnet.Conflict", $"'{c.Cidr}' overlaps {other.Cidr} of {other.Id}. Choose a range of its own.");
        if (vpc.Subnets.Count >= SubnetsPerVpc) return new Rejection(RejectionKind.LimitExceeded, "SubnetLimitExceeded", $"A VPC has at most {SubnetsPerVpc} subnets. Delete one first, or use another VPC.");
        return Decision.Of(new SubnetCreated(vpc.Id, c.SubnetId, c.Cidr!, c.ZoneId, c.Now)) with
        {
            Claims = [new Claim("subnet", c.SubnetId, vpc.Id, Rejection.Conflict("InvalidSubnetID.Exists", "The id is taken."))],
        };
    }

    public static Decision DeleteSubnet(Vpc vpc, DeleteSubnet c) =>
        vpc.Subnets.All(s => s.Id != c.SubnetId) ? Decision.Nothing
        : Decision.Of(new SubnetDeleted(vpc.Id, c.SubnetId, c.Now)) with
        {
            Releases = [("subnet", c.SubnetId, vpc.Id)],
            Unused = [(AddressScope(c.SubnetId), Rejection.Conflict("DependencyViolation", "Network interfaces still have addresses in the subnet. Delete their endpoints and load balancers first."))],
        };

    public static Decision SetDnsAttributes(Vpc vpc, SetVpcDnsAttributes c)
    {
        var (support, names) = (c.EnableDnsSupport ?? vpc.EnableDnsSupport, c.EnableDnsHostnames ?? vpc.EnableDnsHostnames);
        return (support, names) == (vpc.EnableDnsSupport, vpc.EnableDnsHostnames) ? Decision.Nothing
            : Decision.Of(new VpcDnsAttributesSet(vpc.Id, support, names, c.Now));
    }

    public static Decision Delete(Vpc vpc, DeleteVpc c) =>
        vpc.Deleted ? Decision.Nothing
        : vpc.Subnets.Count > 0 ? Rejection.Conflict("DependencyViolation", "The VPC still has subnets. Delete them first.")
        : Decision.Of(new VpcDeleted(vpc.Id, c.Now)) with
        {
            Unused = [(UseScope(vpc.Id), Rejection.Conflict("DependencyViolation", "The VPC still has target groups. Delete them first."))],
        };

    private static Rejection InvalidCidr(string code, string? text) =>
        Rejection.Invalid(code, $"'{text}' is not an IPv4 CIDR with zero host bits. Write it like 10.0.0.0/16.");
}
