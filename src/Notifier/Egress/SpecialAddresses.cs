using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Notifier.Egress;

/// <summary>What the IANA special-purpose registries (RFC 6890 and its updates) say is not the public Internet.</summary>
internal static class SpecialAddresses
{
    public const string Metadata = "a cloud's metadata address";

    // First match wins: the narrow before the wide.
    private static readonly (IPNetwork Range, string What)[] Ranges =
    [
        .. Named(Metadata, "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "100.100.100.200/32", "192.0.0.192/32", "fd00:ec2::254/128", "fd00:ec2::23/128", "fd20:ce::254/128"),
        .. Named("loopback", "127.0.0.0/8", "::1/128"),
        .. Named("this host", "0.0.0.0/8", "::/128"),
        .. Named("link-local", "169.254.0.0/16", "fe80::/10"),
        .. Named("private", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"),
        .. Named("shared (carrier) space", "100.64.0.0/10"),
        .. Named("multicast", "224.0.0.0/4", "ff00::/8"),
        .. Named("reserved", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "3fff::/20"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>The address that packets end at: IPv4 written, tunnelled or translated as IPv6 is judged as the IPv4 it is.</summary>
    public static IPAddress Real(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address)) return new IPAddress(bytes.AsSpan(12, 4));
        if (SixToFour.Contains(address)) return new IPAddress(bytes.AsSpan(2, 4));
        return new IPAddress(bytes); // without a scope id, which compares unequal and means nothing to a range
    }

    /// <summary>What is special about a <see cref="Real"/> address; null for the public Internet.</summary>
    public static string? WhatIs(IPAddress address)
    {
        foreach (var (range, what) in Ranges)
            if (range.Contains(address)) return what;
        return address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address) ? "outside global unicast" : null;
    }

    private static IEnumerable<(IPNetwork, string)> Named(string what, params string[] ranges) => ranges.Select(r => (IPNetwork.Parse(r), what));
}
