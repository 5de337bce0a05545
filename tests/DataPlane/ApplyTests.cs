using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>What a change of the table does, and what it leaves alone.</summary>
public sealed class ApplyTests
{
    [Fact]
    public async Task A_door_that_leaves_the_table_is_closed_and_its_flows_are_reset_and_others_are_not_touched()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        Assert.Empty(rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Add("door/11", rig.Door(11)) }, ["door/11"], [], []));
        var (gone, _) = await rig.FlowAsync(server, 10);
        var (stays, target) = await rig.FlowAsync(server, 11);
        var made = rig.Networks.Made("consumer");

        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Remove("door/10") }, ["door/10"], [], []);

        await gone.HearResetAsync();
        Assert.Equal((FlowEnd.PlanWithdrawn, "door/10"), ((await rig.Events.OneEndedAsync()).End, rig.Events.Flows.First().DoorKey));
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync(10));
        await stays.SayAsync("on");
        await target.HearAsync("on");
        Assert.Equal(made, rig.Networks.Made("consumer"));
    }

    [Fact]
    public async Task Doors_follow_the_listeners_of_their_node()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync(rig.Node(listeners: [Rig.Listener(8080), Rig.Listener(8081)]));
        var (kept, target) = await rig.FlowAsync(server, port: 8080);
        var (cut, _) = await rig.FlowAsync(server, port: 8081);
        var made = rig.Networks.Made("consumer");

        rig.Relay.Apply(rig.Table with { Nodes = rig.Table.Nodes.SetItem("node", rig.Node(listeners: [Rig.Listener(8080), Rig.Listener(8082)])) }, [], ["node"], []);

        Assert.Equal(made + 1, rig.Networks.Made("consumer"));
        await cut.HearResetAsync();
        Assert.Equal(FlowEnd.ListenerRemoved, (await rig.Events.OneEndedAsync()).End);
        await rig.FlowAsync(server, port: 8082);
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync(port: 8081));
        await kept.SayAsync("on");
        await target.HearAsync("on");
    }

    [Fact]
    public async Task A_port_that_cannot_be_opened_is_a_trouble_and_naming_the_door_again_tries_again()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        using (var squatter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            squatter.Bind(new IPEndPoint(rig.At(10), 8081));
            squatter.Listen();
            var trouble = Assert.Single(rig.Apply(Rig.Tabled([rig.Door()], [rig.Node(listeners: [Rig.Listener(8080), Rig.Listener(8081)])], [Rig.Group(rig.Target())])));
            Assert.Equal(("door/10", 8081, SocketError.AddressAlreadyInUse), (trouble.DoorKey, trouble.Port, trouble.Error));
            await rig.HealthyAsync(1);
            await rig.FlowAsync(server, port: 8080);
        }
        Assert.Empty(rig.Relay.Apply(rig.Table, ["door/10"], [], []));
        await rig.FlowAsync(server, port: 8081);
    }

    [Fact]
    public async Task A_missing_network_is_a_trouble_of_its_doors_alone()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        rig.Networks.Broken["elsewhere"] = SocketError.NetworkDown;
        var troubles = rig.Apply(Rig.Tabled([rig.Door(), rig.Door(11) with { Network = "elsewhere" }], [rig.Node()], [Rig.Group(rig.Target())]));
        Assert.Equal("door/11", Assert.Single(troubles).DoorKey);
        await rig.HealthyAsync(1);
        await rig.FlowAsync(server);
    }

    [Fact]
    public async Task A_door_that_nobody_named_is_opened_and_closed_all_the_same()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Add("door/11", rig.Door(11)) }, [], [], []);
        await rig.FlowAsync(server, 11);
        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Remove("door/11") }, [], [], []);
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync(11));
    }

    [Fact]
    public async Task Two_relays_share_a_door_and_when_one_dies_the_other_takes_all()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var twin = new Relay(rig.Networks, rig.Time, rig.Options with { Seed = 2 });
        Assert.Empty(rig.Apply(rig.Table, twin));
        await rig.HealthyAsync(1, twin);

        await TalkAsync(rig, 60);
        await Eventually.Async(() => server.Waiting == 60, "every flow reached the target");
        var twins = twin.Counters()["vpce-1"].NewFlows;
        Assert.InRange(twins, 10, 50);
        Assert.Equal(60, twins + rig.Relay.Counters()["vpce-1"].NewFlows);
        await twin.DisposeAsync();
        await TalkAsync(rig, 20);

        await Eventually.Async(() => server.Waiting == 80, "the survivor serves all");
        Assert.Equal(80 - twins, rig.Relay.Counters()["vpce-1"].NewFlows);
    }

    [Fact]
    public async Task A_draining_door_accepts_until_its_time_keeps_its_flows_and_cuts_them_at_the_end()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        var server = rig.Serve();
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });
        var (consumer, target) = await rig.FlowAsync(server);
        var drains = rig.Door() with { AcceptUntil = ManualTime.Start.AddSeconds(60), CutAt = ManualTime.Start.AddSeconds(360) };
        rig.Apply(rig.Table with { Doors = rig.Table.Doors.SetItem("door/10", drains) });

        time.Advance(TimeSpan.FromSeconds(59));
        var (second, _) = await rig.FlowAsync(server);
        time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync());
        await consumer.SayAsync("on");
        await target.HearAsync("on");
        time.Advance(TimeSpan.FromSeconds(298));
        Assert.Empty(rig.Events.Flows);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(await rig.Events.EndedAsync(2), e => Assert.Equal(FlowEnd.DrainExpired, e.End));
        await consumer.HearResetAsync();
        await second.HearResetAsync();
    }

    [Fact]
    public async Task A_door_whose_drain_is_taken_back_opens_again()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        var server = rig.Serve();
        await rig.OpenAsync();
        rig.Apply(rig.Table with { Doors = rig.Table.Doors.SetItem("door/10", rig.Door() with { AcceptUntil = ManualTime.Start }) });
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync());
        rig.Apply(rig.Table with { Doors = rig.Table.Doors.SetItem("door/10", rig.Door()) });
        await rig.FlowAsync(server);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    public async Task A_change_opens_what_it_names_however_many_doors_there_are(int size)
    {
        await using var rig = new Rig();
        var doors = Enumerable.Range(0, size).ToImmutableDictionary(i => $"door/{i}", i => rig.Door() with { Key = $"door/{i}", Address = new([127, rig.At(0).GetAddressBytes()[1], (byte)(200 + i / 250), (byte)(1 + i % 250)]) });
        var other = rig.Node() with { Key = "other" };
        Assert.Empty(rig.Apply(Rig.Tabled([], [rig.Node(), other], [Rig.Group(rig.Target())]) with { Doors = doors }));
        Assert.Equal(size, rig.Networks.Made("consumer"));

        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.SetItem("door/7", doors["door/7"] with { ProbeSource = rig.At(4) }) }, ["door/7"], [], []);
        Assert.Equal(size, rig.Networks.Made("consumer"));
        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Remove("door/8") }, ["door/8"], [], []);
        rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.Add("door/8", doors["door/8"]) }, ["door/8"], [], []);
        Assert.Equal(size + 1, rig.Networks.Made("consumer"));
        rig.Relay.Apply(rig.Table with { Nodes = rig.Table.Nodes.SetItem("other", other with { Listeners = [Rig.Listener(8081)] }) }, [], ["other"], []);
        Assert.Equal(size + 1, rig.Networks.Made("consumer"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < 200; i++) rig.Relay.Apply(rig.Table with { Doors = rig.Table.Doors.SetItem("door/9", doors["door/9"] with { ProbeSource = rig.At(i) }) }, ["door/9"], [], []);
        TestContext.Current.TestOutputHelper?.WriteLine($"{size} doors: {watch.Elapsed.TotalMicroseconds / 200:F1} µs per change of one door");
    }

    private static async Task TalkAsync(Rig rig, int flows)
    {
        for (var i = 0; i < flows; i++) await (await rig.ConnectAsync()).SayAsync("!");
    }
}
