using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Domain;

/// <summary>IPv4 arithmetic the law needs: strict CIDRs, containment, overlap, the free pool of a subnet.</summary>
public static class Addressing
{
    /// <summary>First four and last addresses of a subnet belong to the platform (the vendor's rule).</summary>
    public const int ReservedAtStart = 4;

    /// <summary>Parses <c>10.0.0.0/16</c>; host bits must be zero. Null when it is anything else.</summary>
    public static IPNetwork? ParseCidr(string? text) =>
        IPNetwork.TryParse(text ?? "", out var network) && network.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && network.ToString() == text ? network : null;

    /// <summary>Dotted quad only: <c>10.1</c> and <c>0x0a000001</c> are refused although the platform's parser takes them.</summary>
    public static IPAddress? ParseAddress(string? text) =>
        IPAddress.TryParse(text ?? "", out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text ? address : null;

    public static bool Contains(this IPNetwork outer, IPNetwork inner) => outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress);

    public static bool Overlaps(this IPNetwork a, IPNetwork b) => a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress);

    public static IPAddress Plus(this IPAddress address, uint offset) => FromNumber(ToNumber(address) + offset);

    /// <summary>The lowest address of the subnet's pool that is not taken; null when the subnet is exhausted.</summary>
    /// <param name="start">Where in the pool to begin, going round at its end; not negative.</param>
    public static IPAddress? LowestFree(IPNetwork subnet, IReadOnlySet<string> taken, int start = 0) => Pool(subnet, start).FirstOrDefault(a => !taken.Contains(a.ToString()));

    /// <summary>Whether an address may be handed out in this subnet.</summary>
    public static bool InPool(IPNetwork subnet, IPAddress address)
    {
        var offset = ToNumber(address) - (long)ToNumber(subnet.BaseAddress);
        return offset >= ReservedAtStart && offset < Size(subnet) - 1;
    }

    /// <summary>Where targets may be (rules §2.6): the private ranges and the shared one; public addresses are refused (S-50).</summary>
    public static bool IsPrivate(IPAddress address) => PrivateRanges.Any(r => r.Contains(address));

    private static readonly IPNetwork[] PrivateRanges =
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10")];

    private static IEnumerable<IPAddress> Pool(IPNetwork subnet, int start)
    {
        var size = PoolSize(subnet);
        for (long i = 0; i < size; i++) yield return subnet.BaseAddress.Plus((uint)(ReservedAtStart + (start + i) % size));
    }

    /// <summary>How many addresses a subnet can hand out: all but the first four and the last.</summary>
    public static long PoolSize(IPNetwork subnet) => Size(subnet) - ReservedAtStart - 1;

    private static long Size(IPNetwork subnet) => 1L << (32 - subnet.PrefixLength);

    private static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress FromNumber(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
