using System.Net;

namespace PrivateLinkCloud.Domain.Tests;

public sealed class AddressingTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.4")] // the first four belong to the platform
    [InlineData("10.0.0.16/28", "10.0.0.20")]
    [InlineData("10.0.0.0/28", "10.0.0.6", "10.0.0.4", "10.0.0.5")]
    [InlineData("10.0.0.0/28", "10.0.0.4", "10.0.0.5")]
    public void The_lowest_free_address_is_chosen(string subnet, string expected, params string[] taken) =>
        Assert.Equal(expected, Addressing.LowestFree(IPNetwork.Parse(subnet), taken.ToHashSet())!.ToString());

    [Fact]
    public void An_exhausted_subnet_has_none_left_and_its_last_address_is_never_given_out()
    {
        var subnet = IPNetwork.Parse("10.0.0.0/28");
        var taken = new HashSet<string>();
        while (Addressing.LowestFree(subnet, taken) is { } free) taken.Add(free.ToString());
        Assert.Equal(Enumerable.Range(4, 11).Select(i => $"10.0.0.{i}"), taken.OrderBy(a => int.Parse(a[7..])));
    }

    [Theory]
    [InlineData("10.0.0.3", false)]
    [InlineData("10.0.0.4", true)]
    [InlineData("10.0.0.254", true)]
    [InlineData("10.0.0.255", false)]
    [InlineData("10.0.1.4", false)]
    [InlineData("9.255.255.255", false)]
    public void The_pool_leaves_out_the_first_four_and_the_last(string address, bool inPool) =>
        Assert.Equal(inPool, Addressing.InPool(IPNetwork.Parse("10.0.0.0/24"), IPAddress.Parse(address)));

    [Fact]
    public void The_pool_reaches_the_end_of_the_address_space() =>
        Assert.True(Addressing.InPool(IPNetwork.Parse("255.255.255.0/24"), IPAddress.Parse("255.255.255.254")));

    [Theory]
    [InlineData("10.0.0.0/16", "10.0.255.0/24", true)]
    [InlineData("10.0.0.0/16", "10.0.0.0/16", true)]
    [InlineData("10.0.0.0/24", "10.0.0.0/16", true)]
    [InlineData("10.0.0.0/24", "10.0.1.0/24", false)]
    public void Ranges_overlap_when_one_holds_the_others_start(string a, string b, bool overlap)
    {
        Assert.Equal(overlap, IPNetwork.Parse(a).Overlaps(IPNetwork.Parse(b)));
        Assert.Equal(overlap, IPNetwork.Parse(b).Overlaps(IPNetwork.Parse(a)));
    }

    [Theory]
    [InlineData("9.255.255.255", false)]
    [InlineData("10.0.0.0", true)]
    [InlineData("100.63.255.255", false)]
    [InlineData("100.64.0.0", true)]
    [InlineData("100.128.0.0", false)]
    [InlineData("172.15.255.255", false)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.0", false)]
    [InlineData("192.168.255.255", true)]
    [InlineData("192.169.0.0", false)]
    public void Private_is_what_the_vendor_allows_for_targets(string address, bool isPrivate) => Assert.Equal(isPrivate, Addressing.IsPrivate(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.1", true)]
    [InlineData("10.1", false)]
    [InlineData("0x0a000001", false)]
    [InlineData("010.0.0.1", false)]
    [InlineData("10.0.0.1 ", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData(null, false)]
    public void An_address_is_a_dotted_quad_and_nothing_else(string? text, bool good) => Assert.Equal(good, Addressing.ParseAddress(text) is not null);

    [Fact]
    public void Adding_carries_over_octets() => Assert.Equal("10.1.0.0", IPAddress.Parse("10.0.255.255").Plus(1).ToString());
}
