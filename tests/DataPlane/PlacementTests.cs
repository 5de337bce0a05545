using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Which target a flow gets, and what happens when that one does not answer.</summary>
public sealed class PlacementTests
{
    [Fact]
    public async Task Targets_see_the_nodes_address()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (_, target) = await rig.FlowAsync(server);
        Assert.Equal(rig.At(20), ((IPEndPoint)target.RemoteEndPoint!).Address);
        Assert.All(server.Peers, peer => Assert.Equal(rig.At(20), peer.Address));
    }

    [Fact]
    public async Task A_flow_whose_target_refuses_gets_the_next_one_and_is_reset_when_none_is_left()
    {
        await using var rig = new Rig();
        using var dies = new TestTarget(rig.At(30), 9000);
        var stays = rig.Serve(31);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(31)) with { HealthCheck = Rig.RareCheck });
        dies.Dispose();

        for (var i = 0; i < 10; i++) await rig.FlowAsync(stays);
        stays.Dispose();
        await rig.BeResetAsync();
        var record = await rig.Events.OneEndedAsync();
        Assert.Equal((FlowEnd.TargetRefused, null), (record.End, record.Target));
    }

    [Fact]
    public async Task A_silent_target_costs_the_connect_timeout_and_the_last_ones_silence_is_the_end()
    {
        await using var rig = new Rig(tune: o => o with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        using var silent = SilentAfterOneCheck(rig);
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });

        await rig.BeResetAsync();
        Assert.Equal(FlowEnd.TargetTimeout, (await rig.Events.OneEndedAsync()).End);
    }

    [Fact]
    public async Task Flows_spread_over_the_targets_of_the_zone_and_never_leave_it_while_cross_zone_is_off()
    {
        await using var rig = new Rig();
        TestTarget[] here = [rig.Serve(30), rig.Serve(31)];
        var there = rig.Serve(40);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(31), rig.Target(40, "zb")));

        await TalkAsync(rig, 60);

        await Eventually.Async(() => here.Sum(t => t.Waiting) == 60, "all flows are in the zone");
        Assert.All(here, t => Assert.InRange(t.Waiting, 15, 45));
        Assert.Equal(0, there.Waiting);
    }

    [Fact]
    public async Task Cross_zone_spreads_over_all_zones_and_can_be_turned_on_under_way()
    {
        await using var rig = new Rig();
        TestTarget[] servers = [rig.Serve(30), rig.Serve(40), rig.Serve(50)];
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(40, "zb"), rig.Target(50, "zc")));
        rig.Apply(rig.Table with { Nodes = rig.Table.Nodes.SetItem("node", rig.Node(crossZone: true)) });

        await TalkAsync(rig, 90);

        await Eventually.Async(() => servers.Sum(t => t.Waiting) == 90, "all flows arrived");
        Assert.All(servers, t => Assert.InRange(t.Waiting, 15, 45));
    }

    [Fact]
    public async Task A_zone_without_a_healthy_target_resets_while_another_zone_has_one()
    {
        await using var rig = new Rig();
        var there = rig.Serve(40);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(40, "zb")), healthy: 1);
        await rig.UnhealthyAsync(1);

        await rig.BeResetAsync();
        Assert.Equal(FlowEnd.NoHealthyTarget, (await rig.Events.OneEndedAsync()).End);
        Assert.Equal(0, there.Waiting);
    }

    [Fact]
    public async Task When_every_target_of_every_zone_is_unhealthy_all_of_the_nodes_get_flows()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(40, "zb")), healthy: 0);
        await AdvanceUntilAsync(time, () => rig.Relay.Health.Values.All(h => h.Status == HealthStatus.Unhealthy));
        using var back = new TestTarget(rig.At(30), 9000); // No check runs while the clock stands still: it is still unhealthy.

        var (consumer, target) = await rig.FlowAsync(back);

        await target.SayAsync("open");
        await consumer.HearAsync("open");
        Assert.All(rig.Relay.Health.Values, h => Assert.Equal(HealthStatus.Unhealthy, h.Status));
    }

    [Fact]
    public void Initial_targets_get_nothing_and_keep_a_group_from_failing_open()
    {
        Target a = new(IPAddress.Parse("10.0.0.1"), 80, "za"), b = new(IPAddress.Parse("10.0.0.2"), 80, "zb");
        Assert.Empty(InService.Of([(a, HealthStatus.Initial), (b, HealthStatus.Unhealthy)]).Everywhere);
        Assert.Equal([b], InService.Of([(a, HealthStatus.Initial), (b, HealthStatus.Healthy)]).Everywhere);
        var open = InService.Of([(a, HealthStatus.Unhealthy), (b, HealthStatus.Unhealthy)]);
        Assert.True(open.FailOpen);
        Assert.Equal([a], open.ByZone["za"]);
        Assert.False(InService.Of([]).FailOpen);
    }

    [Fact]
    public async Task A_group_that_changes_leaves_flows_alone_even_those_to_the_target_it_lost()
    {
        await using var rig = new Rig();
        var server = rig.Serve(30);
        rig.Serve(31);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30)));
        var (consumer, target) = await rig.FlowAsync(server);
        var known = rig.Relay.Health.Keys.Single();

        rig.Apply(rig.Table with { TargetGroups = rig.Table.TargetGroups.SetItem("group", Rig.Group(rig.Target(30), rig.Target(31))) });
        Assert.Equal(HealthStatus.Healthy, rig.Relay.Health[known].Status);
        await rig.HealthyAsync(2);
        rig.Apply(rig.Table with { TargetGroups = rig.Table.TargetGroups.SetItem("group", Rig.Group(rig.Target(31))) });

        Assert.DoesNotContain(known, rig.Relay.Health.Keys);
        await consumer.SayAsync("still");
        await target.HearAsync("still");
        Assert.Empty(rig.Events.Flows);
    }

    [Fact]
    public async Task A_node_whose_network_is_missing_ends_flows_in_the_relays_name()
    {
        await using var rig = new Rig();
        rig.Serve();
        await rig.OpenAsync();
        rig.Networks.Broken["provider"] = SocketError.NetworkDown;

        await rig.BeResetAsync();
        Assert.Equal(FlowEnd.SourceUnavailable, (await rig.Events.OneEndedAsync()).End);
        var asked = rig.Networks.Asked("provider");
        await Eventually.Async(() => rig.Networks.Asked("provider") >= asked + 4, "four checks could not be made");
        Assert.All(rig.Relay.Health.Values, h => Assert.Equal(HealthStatus.Healthy, h.Status));
    }

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    public async Task A_relay_that_has_no_socket_left_says_so(SocketError error)
    {
        await using var rig = new Rig();
        rig.Serve();
        await rig.OpenAsync();
        rig.Networks.Broken["provider"] = error;

        await rig.BeResetAsync();
        Assert.Equal(FlowEnd.RelayExhausted, (await rig.Events.OneEndedAsync()).End);
    }

    /// <summary>The kernel finds no way for TCP to a broadcast address, and sends nothing.</summary>
    [Fact]
    public async Task A_target_to_which_there_is_no_way_is_unreachable()
    {
        await using var rig = new Rig();
        await rig.OpenAsync(group: Rig.Group(new Target(IPAddress.Parse("127.255.255.255"), 9000, "za")), healthy: 0);
        await rig.UnhealthyAsync(1); // So the group fails open.

        await rig.BeResetAsync();
        Assert.Equal(FlowEnd.TargetUnreachable, (await rig.Events.OneEndedAsync()).End);
    }

    [Fact]
    public async Task A_node_without_a_free_port_to_its_target_says_so()
    {
        const int ipLocalPortRange = 51; // Linux 6.3: the ports one socket may choose from, if they are among the machine's ephemeral ones.
        Assert.SkipUnless(Environment.OSVersion.Version >= new Version(6, 3), "the kernel cannot narrow one socket's ports");
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });
        var first = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture) + 1000;
        rig.Networks.OnMade = (network, socket) =>
        {
            if (network == "provider") socket.SetRawSocketOption(0, ipLocalPortRange, BitConverter.GetBytes(first | (first + 1) << 16));
        };

        await rig.FlowAsync(server);
        await rig.FlowAsync(server);
        await rig.BeResetAsync();

        Assert.Equal(FlowEnd.SourcePortsExhausted, (await rig.Events.OneEndedAsync()).End);
    }

    [Fact]
    public async Task A_consumer_that_resets_while_its_target_is_dialled_ends_the_dial()
    {
        await using var rig = new Rig(tune: o => o with { ConnectTimeout = TimeSpan.FromMinutes(5) });
        using var silent = SilentAfterOneCheck(rig);
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });

        var consumer = await rig.ConnectAsync();
        await Eventually.Async(() => rig.Relay.Counters().TryGetValue("vpce-1", out var c) && c.ActiveFlows == 1, "the flow is in the relay");
        consumer.CloseWithReset();

        Assert.Equal(FlowEnd.ConsumerReset, (await rig.Events.OneEndedAsync()).End);
    }

    /// <summary>Nobody accepts and the queue has one place: the health check takes it, and the kernel drops every connect after that.</summary>
    private static Socket SilentAfterOneCheck(Rig rig)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(rig.At(30), 9000));
        socket.Listen(0);
        return socket;
    }

    private static async Task TalkAsync(Rig rig, int flows)
    {
        for (var i = 0; i < flows; i++) await (await rig.ConnectAsync()).SayAsync("!");
    }

    internal static async Task AdvanceUntilAsync(ManualTime time, Func<bool> condition)
    {
        await Eventually.Async(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            return condition();
        }, "advancing the clock brings it about");
    }
}
