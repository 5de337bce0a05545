using System.Net;
using PrivateLinkCloud.ZoneAgent.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Fabric;

[Collection("host")]
public sealed class NamespaceFabricTests : IDisposable
{
    private static readonly IPAddress Resolver = IPAddress.Parse("10.0.0.2");
    private readonly HostFixture _host = new();

    public void Dispose() => _host.Dispose();

    private static Place At(string network, string address) => new(network, IPAddress.Parse(address));

    private static NetworkWish Wish(string network) => new(network, Resolver);

    private string Sysctl(string network, string name) => _host.Thread.In(_host.Names.PathOf(network), () => File.ReadAllText($"/proc/sys/net/{name}").Trim());

    [Fact]
    public void A_network_is_a_namespace_with_the_settings_it_needs_and_its_resolver_file()
    {
        Assert.Empty(_host.Agent("a1").MakeNetworks([Wish("vpc-a")]));
        Assert.True(File.Exists(_host.Names.PathOf("vpc-a")));
        Assert.Equal("nameserver 10.0.0.2\n", File.ReadAllText(_host.Names.ResolverFileOf("vpc-a")));
        Assert.Equal("1", Sysctl("vpc-a", "ipv4/ip_forward"));
        Assert.Equal("1", Sysctl("vpc-a", "ipv4/tcp_migrate_req"));
        Assert.Equal("1024\t65535", Sysctl("vpc-a", "ipv4/ip_local_port_range"));
        if (File.ReadAllText("/proc/sys/net/ipv4/tcp_available_congestion_control").Contains("reno")) Assert.Equal("reno", Sysctl("vpc-a", "ipv4/tcp_congestion_control"));
    }

    [Fact]
    public void Two_networks_have_the_same_address_and_one_process_listens_on_both()
    {
        var fabric = _host.Agent("a1");
        fabric.MakeNetworks([Wish("vpc-a"), Wish("vpc-b")]);
        Assert.Empty(fabric.AddAddresses([At("vpc-a", "10.0.1.10"), At("vpc-b", "10.0.1.10")]));
        using var inA = _host.Tcp("vpc-a");
        using var inB = _host.Tcp("vpc-b");
        inA.Bind(HostFixture.At("10.0.1.10", 443));
        inB.Bind(HostFixture.At("10.0.1.10", 443));
    }

    [Fact]
    public void Everything_may_be_asked_for_twice()
    {
        var fabric = _host.Agent("a1");
        for (var i = 0; i < 2; i++)
        {
            Assert.Empty(fabric.MakeNetworks([Wish("vpc-a")]));
            Assert.Empty(fabric.AddAddresses([At("vpc-a", "10.0.1.10")]));
        }
        Assert.Equal([IPAddress.Parse("10.0.1.10")], fabric.Observe("vpc-a")!.Addresses);
        for (var i = 0; i < 2; i++)
        {
            Assert.Empty(fabric.RemoveAddresses([At("vpc-a", "10.0.1.10")]));
            Assert.Empty(fabric.RemoveNetworks(["vpc-a"]));
        }
        Assert.Null(fabric.Observe("vpc-a"));
        Assert.False(Directory.Exists(Path.GetDirectoryName(_host.Names.ResolverFileOf("vpc-a"))));
    }

    [Fact]
    public void What_another_agent_needs_stays_until_it_gives_it_up_too()
    {
        var (one, two) = (_host.Agent("a1"), _host.Agent("a2"));
        foreach (var agent in new[] { one, two })
        {
            agent.MakeNetworks([Wish("vpc-a")]);
            agent.AddAddresses([At("vpc-a", "10.0.1.10")]);
        }
        one.AddAddresses([At("vpc-a", "10.0.1.11")]);

        one.RemoveAddresses([At("vpc-a", "10.0.1.10"), At("vpc-a", "10.0.1.11")]);
        one.RemoveNetworks(["vpc-a"]);
        Assert.Equal([IPAddress.Parse("10.0.1.10")], two.Observe("vpc-a")!.Addresses);

        two.RemoveAddresses([At("vpc-a", "10.0.1.10")]);
        two.RemoveNetworks(["vpc-a"]);
        Assert.Null(two.Observe("vpc-a"));
    }

    [Fact]
    public void Many_addresses_go_in_and_out_in_batches()
    {
        var fabric = _host.Agent("a1");
        fabric.MakeNetworks([Wish("vpc-a")]);
        var places = Enumerable.Range(0, 1000).Select(i => At("vpc-a", $"10.0.{4 + (i / 250)}.{i % 250}")).ToList();
        Assert.Empty(fabric.AddAddresses(places));
        Assert.Equal(1000, fabric.Observe("vpc-a")!.Addresses.Count);
        Assert.Empty(fabric.RemoveAddresses(places[..999]));
        Assert.Equal([places[999].Address], fabric.Observe("vpc-a")!.Addresses);
    }

    [Fact]
    public void An_address_in_a_network_that_is_not_there_fails_with_a_reason()
    {
        var failure = Assert.Single(_host.Agent("a1").AddAddresses([At("vpc-none", "10.0.1.10")]));
        Assert.Contains("No such file", failure.Value);
    }

    [Fact]
    public void A_mount_point_whose_namespace_is_gone_is_made_anew()
    {
        _host.Agent("a1").MakeNetworks([Wish("vpc-a")]);
        HostFixture.Ip("netns", "delete", _host.Names.NameOf("vpc-a"));
        File.WriteAllText(_host.Names.PathOf("vpc-a"), "");
        Assert.Empty(_host.Agent("a1").MakeNetworks([Wish("vpc-a")]));
        Assert.NotNull(_host.Agent("a1").Observe("vpc-a"));
    }

    [Fact]
    public void A_network_made_again_by_somebody_else_has_another_identity()
    {
        var fabric = _host.Agent("a1");
        fabric.MakeNetworks([Wish("vpc-a")]);
        var before = fabric.Observe("vpc-a")!.Identity;
        using var keepsTheOldOneAlive = _host.Tcp("vpc-a");
        HostFixture.Ip("netns", "delete", _host.Names.NameOf("vpc-a"));
        fabric.MakeNetworks([Wish("vpc-a")]);
        Assert.NotEqual(before, fabric.Observe("vpc-a")!.Identity);
    }

    [Fact]
    public void An_agent_that_comes_back_finds_what_it_held()
    {
        _host.Agent("a1").MakeNetworks([Wish("vpc-a")]);
        _host.Agent("a1").AddAddresses([At("vpc-a", "10.0.1.10")]);
        _host.Agent("a2").MakeNetworks([Wish("vpc-b")]);
        var holds = _host.Agent("a1").Holds();
        Assert.Equal(["vpc-a"], holds.Networks);
        Assert.Equal([At("vpc-a", "10.0.1.10")], holds.Addresses);
    }

    [Fact]
    public void Remove_all_takes_what_any_agent_of_the_instance_made_and_nothing_of_another_instance()
    {
        using var neighbour = new HostFixture();
        neighbour.Agent("a1").MakeNetworks([Wish("vpc-a")]);
        _host.Agent("a1").MakeNetworks([Wish("vpc-a")]);
        _host.Agent("a2").MakeNetworks([Wish("odd_name")]);
        var (removed, failed) = NamespaceFabric.RemoveAll(_host.Names);
        Assert.Empty(failed);
        Assert.Equal([_host.Names.NameOf("odd_name"), _host.Names.NameOf("vpc-a")], removed);
        Assert.False(Directory.Exists(_host.Names.HoldsDirectory));
        Assert.NotNull(neighbour.Agent("a1").Observe("vpc-a"));
    }

    [Fact]
    public void Remove_all_deletes_what_agents_put_into_the_runtime_directory_and_nothing_else()
    {
        var runtime = Path.GetDirectoryName(_host.Names.HoldsDirectory)!;
        _host.Agent("a1").MakeNetworks([Wish("vpc-a")]);
        AgentLock.TryTake(_host.Names, "dead")!.Dispose();
        File.WriteAllText(Path.Combine(runtime, "somebody's"), "");
        using (AgentLock.TryTake(_host.Names, "alive"))
        {
            NamespaceFabric.RemoveAll(_host.Names);
            Assert.Equal(["agents", "somebody's"], Directory.EnumerateFileSystemEntries(runtime).Select(Path.GetFileName).Order());
            Assert.Null(AgentLock.TryTake(_host.Names, "alive"));
        }
        File.Delete(Path.Combine(runtime, "somebody's"));
        NamespaceFabric.RemoveAll(_host.Names);
        Assert.False(Directory.Exists(runtime));
    }

    [Fact]
    public async Task Agents_of_one_host_take_turns_and_lose_nothing()
    {
        var agents = Enumerable.Range(0, 8).Select(i => _host.Agent($"a{i}")).ToList();
        await Task.WhenAll(agents.Select((agent, i) => Task.Run(() =>
        {
            for (var round = 0; round < 5; round++)
            {
                Assert.Empty(agent.MakeNetworks([Wish("vpc-a")]));
                Assert.Empty(agent.AddAddresses([At("vpc-a", $"10.0.1.{i}"), At("vpc-a", "10.0.2.1")]));
                Assert.Empty(agent.RemoveAddresses([At("vpc-a", "10.0.2.1")]));
            }
        })));
        Assert.Equal(8, agents[0].Observe("vpc-a")!.Addresses.Count);
    }
}
