using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Checks over real sockets.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Checks_come_from_the_nodes_address_once_per_interval_and_end_with_manners()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        await Eventually.Async(() => server.ChecksEndedOrderly.Count >= 5, "five checks");
        Assert.All(server.ChecksEndedOrderly, Assert.True);
        Assert.All(server.Peers, peer => Assert.Equal(rig.At(20), peer.Address));
    }

    [Fact]
    public async Task A_check_reads_a_servers_greeting_so_that_it_does_not_end_in_a_reset()
    {
        await using var rig = new Rig();
        using var greeter = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        greeter.Bind(new System.Net.IPEndPoint(rig.At(30), 9000));
        greeter.Listen(8);
        rig.Apply(Rig.Tabled([rig.Door()], [rig.Node()], [Rig.Group(rig.Target())]));

        using var check = await greeter.AcceptAsync(TestContext.Current.CancellationToken).AsTask().Within();
        await check.SayAsync("220 ready\r\n");
        await check.HearEndAsync();
        check.Shutdown(SocketShutdown.Send);

        await rig.HealthyAsync(1);
        Assert.Equal(0, check.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error));
    }

    [Fact]
    public async Task A_target_that_opens_and_resets_at_once_has_opened()
    {
        await using var rig = new Rig();
        using var brusque = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        brusque.Bind(new System.Net.IPEndPoint(rig.At(30), 9000));
        brusque.Listen(64);
        await rig.OpenAsync(healthy: 0, group: Rig.Group(rig.Target()) with { HealthCheck = new(TimeSpan.FromMilliseconds(2), TimeSpan.FromSeconds(2), 2, UnhealthyThreshold: 1) });

        for (var checks = 0; checks < 200; checks++)
            (await brusque.AcceptAsync(TestContext.Current.CancellationToken).AsTask().Within()).CloseWithReset();

        await rig.HealthyAsync(1);
        Assert.DoesNotContain(rig.Events.Health, told => told.Health.Status == HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task A_target_that_dies_is_told_once_and_its_flows_are_reset_but_no_others()
    {
        await using var rig = new Rig();
        using var dies = new TestTarget(rig.At(30), 9000);
        var stays = rig.Serve(31);
        await rig.OpenAsync(group: Rig.Group(rig.Target(30), rig.Target(31)));
        var flows = new List<Socket>();
        for (var i = 0; i < 40; i++)
        {
            flows.Add(await rig.ConnectAsync());
            await flows[^1].SayAsync("!");
        }
        await Eventually.Async(() => dies.Waiting + stays.Waiting == 40, "all flows are placed");
        var doomed = dies.Waiting;
        var kept = new List<Socket>();
        for (var i = 0; i < doomed; i++) kept.Add(await dies.NextAsync());
        dies.Dispose();

        var ended = await rig.Events.EndedAsync(doomed);

        Assert.All(ended, e => Assert.Equal((FlowEnd.TargetUnhealthy, rig.At(30)), (e.End, e.Target!.Address)));
        Assert.Equal(40 - doomed, rig.Relay.Counters()["vpce-1"].ActiveFlows);
        var told = Assert.Single(rig.Events.Health, h => h.Health.Status == HealthStatus.Unhealthy);
        Assert.Equal((rig.At(30), "Target.FailedHealthChecks"), (told.Target.Address, told.Health.Reason));
        using var again = new TestTarget(rig.At(30), 9000);
        await rig.HealthyAsync(2);
    }

    [Fact]
    public async Task Another_reason_to_be_unhealthy_leaves_the_flows_of_a_failed_open_group_alone()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        await rig.OpenAsync(healthy: 0);
        await PlacementTests.AdvanceUntilAsync(time, () => rig.Relay.Health.Values.All(h => h.Status == HealthStatus.Unhealthy));
        var server = new TestTarget(rig.At(30), 9000);
        var (consumer, target) = await rig.FlowAsync(server); // Fail-open; no check runs while the clock stands still.
        server.Dispose();
        using var mute = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new System.Net.IPEndPoint(rig.At(30), 9000));
        mute.Listen(0);
        using var inTheQueue = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await inTheQueue.ConnectAsync(mute.LocalEndPoint!, TestContext.Current.CancellationToken); // Its one place is taken: a check hears nothing now.

        await PlacementTests.AdvanceUntilAsync(time, () => rig.Events.Health.Any(h => h.Health.Reason == "Target.Timeout"));

        await consumer.SayAsync("still");
        await target.HearAsync("still");
        Assert.Empty(rig.Events.Flows);
    }

    [Fact]
    public async Task A_group_is_checked_once_however_many_nodes_use_it_and_not_at_all_when_none_does()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        var server = rig.Serve();
        var second = rig.Node() with { Key = "node2", Address = rig.At(21) };
        rig.Apply(Rig.Tabled([rig.Door()], [rig.Node(), second], [Rig.Group(rig.Target()), Rig.Group(rig.Target(31)) with { Key = "unused" }]));
        await rig.HealthyAsync(1);
        Assert.Single(rig.Relay.Health);
        Assert.Equal(rig.At(20), Assert.Single(server.Peers).Address);

        rig.Apply(Rig.Tabled([], [second], rig.Table.TargetGroups.Values));
        await PlacementTests.AdvanceUntilAsync(time, () => server.Peers.Count > 1);
        Assert.Equal(rig.At(21), server.Peers.Last().Address);
        rig.Apply(Rig.Tabled([], [], rig.Table.TargetGroups.Values));
        Assert.Empty(rig.Relay.Health);
    }
}
