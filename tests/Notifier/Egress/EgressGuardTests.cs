using System.Net;
using PrivateLinkCloud.Notifier.Egress;

namespace PrivateLinkCloud.Notifier.Tests.Egress;

public sealed class EgressGuardTests
{
    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("64:ff9b::7f00:1", "loopback")] // NAT64
    [InlineData("2002:7f00:1::", "loopback")] // 6to4
    [InlineData("0.0.0.0", "this host")]
    [InlineData("0.1.2.3", "this host")]
    [InlineData("::", "this host")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("::ffff:10.0.0.1", "private")]
    [InlineData("fd12:3456::1", "private")]
    [InlineData("fec0::1", "private")]
    [InlineData("100.64.0.1", "shared")]
    [InlineData("100.127.255.255", "shared")]
    [InlineData("169.254.1.1", "link-local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local")]
    [InlineData("169.254.169.254", "metadata")]
    [InlineData("::ffff:169.254.169.254", "metadata")]
    [InlineData("64:ff9b::a9fe:a9fe", "metadata")]
    [InlineData("169.254.170.2", "metadata")]
    [InlineData("100.100.100.200", "metadata")]
    [InlineData("fd00:ec2::254", "metadata")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("192.0.2.1", "reserved")]
    [InlineData("198.18.0.1", "reserved")]
    [InlineData("203.0.113.9", "reserved")]
    [InlineData("2001::1", "reserved")] // Teredo
    [InlineData("2001:db8::1", "reserved")]
    [InlineData("::7f00:1", "outside global unicast")] // IPv4-compatible, long gone
    [InlineData("64:ff9b:1::1", "outside global unicast")]
    [InlineData("5f00::1", "outside global unicast")]
    public void What_is_not_the_public_Internet_is_refused_by_default(string address, string because) =>
        Assert.Contains(because, Fault(address), StringComparison.Ordinal);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::1")]
    public void The_public_Internet_passes(string address) => Assert.Null(Fault(address));

    [Theory]
    [InlineData("10.20.0.0/16", "10.20.3.4", true)]
    [InlineData("10.20.0.0/16", "10.21.0.1", false)]
    [InlineData("10.20.0.0/16", "::ffff:10.20.3.4", true)]
    [InlineData("127.0.0.0/8", "127.0.0.1", true)]
    [InlineData("127.0.0.0/8", "::1", false)]
    [InlineData("127.0.0.0/8, ::1/128", "::1", true)]
    [InlineData("fd00::/8", "fd12::1", true)]
    [InlineData("fe80::/10", "fe80::1%3", true)]
    [InlineData("169.254.0.0/16", "169.254.1.1", true)]
    [InlineData("169.254.0.0/16", "169.254.169.254", false)] // the metadata address is named alone or not at all
    [InlineData("0.0.0.0/0", "169.254.169.254", false)]
    [InlineData("169.254.169.254/32", "169.254.169.254", true)]
    [InlineData("fd00::/8", "fd00:ec2::254", false)]
    [InlineData("0.0.0.0/0", "192.168.0.1", true)]
    public void The_operator_opens_what_the_list_names_and_no_more(string allowed, string address, bool passes) =>
        Assert.Equal(passes, Fault(address, allowed) is null);

    private static string? Fault(string address, string allowed = "") =>
        new EgressGuard([.. allowed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(c => IPNetwork.Parse(c))]).Fault(IPAddress.Parse(address));
}
