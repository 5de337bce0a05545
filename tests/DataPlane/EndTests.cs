using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>How flows end: what each side hears, and what the record says.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task A_consumer_that_finishes_first_still_gets_the_whole_answer()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);

        consumer.Shutdown(SocketShutdown.Send);
        await target.HearEndAsync();
        await target.SayAsync("answer");
        await consumer.HearAsync("answer");
        target.Shutdown(SocketShutdown.Send);
        await consumer.HearEndAsync();

        var record = await rig.Events.OneEndedAsync();
        Assert.Equal((FlowEnd.ConsumerClosed, 1, 6), (record.End, record.BytesToTarget, record.BytesToConsumer));
    }

    [Fact]
    public async Task A_target_that_finishes_first_still_gets_the_whole_request()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);

        target.Shutdown(SocketShutdown.Send);
        await consumer.HearEndAsync();
        await consumer.SayAsync("request");
        await target.HearAsync("request");
        consumer.Shutdown(SocketShutdown.Send);
        await target.HearEndAsync();

        var record = await rig.Events.OneEndedAsync();
        Assert.Equal((FlowEnd.TargetClosed, 8, 0), (record.End, record.BytesToTarget, record.BytesToConsumer));
    }

    [Theory]
    [InlineData(true, FlowEnd.ConsumerReset)]
    [InlineData(false, FlowEnd.TargetReset)]
    public async Task A_reset_travels_as_a_reset(bool byConsumer, FlowEnd end)
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);

        (byConsumer ? consumer : target).CloseWithReset();
        await (byConsumer ? target : consumer).HearResetAsync();

        Assert.Equal(end, (await rig.Events.OneEndedAsync()).End);
    }

    [Theory]
    [InlineData(true, FlowEnd.ConsumerReset)]
    [InlineData(false, FlowEnd.TargetReset)]
    public async Task A_reset_travels_after_its_sender_had_half_closed(bool byConsumer, FlowEnd end)
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);
        var (leaver, other) = byConsumer ? (consumer, target) : (target, consumer);

        leaver.Shutdown(SocketShutdown.Send);
        await other.HearEndAsync();
        leaver.CloseWithReset();

        Assert.Equal(end, (await rig.Events.OneEndedAsync()).End);
        await Eventually.Async(() => other.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error && error != 0, "the other side was reset");
    }

    [Theory]
    [InlineData(true, FlowEnd.ConsumerReset)]
    [InlineData(false, FlowEnd.TargetReset)]
    public async Task A_reset_travels_after_the_other_side_had_half_closed(bool byConsumer, FlowEnd end)
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);
        var (leaver, other) = byConsumer ? (consumer, target) : (target, consumer);

        other.Shutdown(SocketShutdown.Send);
        await leaver.HearEndAsync();
        leaver.CloseWithReset();

        await other.HearResetAsync();
        Assert.Equal(end, (await rig.Events.OneEndedAsync()).End);
    }

    [Theory]
    [InlineData(true, FlowEnd.ConsumerReset)]
    [InlineData(false, FlowEnd.TargetReset)]
    public async Task A_reset_travels_while_its_sender_is_held_back(bool byConsumer, FlowEnd end)
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);
        var (leaver, other) = byConsumer ? (consumer, target) : (target, consumer);
        await leaver.PushUntilStuckAsync();

        leaver.CloseWithReset();

        await other.HearResetAtLastAsync();
        Assert.Equal(end, (await rig.Events.OneEndedAsync()).End);
    }

    /// <summary>A host that is gone acknowledges nothing; here one that takes nothing stands for it, and the kernel is told to give up soon.</summary>
    [Theory]
    [InlineData(true, FlowEnd.ConsumerLost)]
    [InlineData(false, FlowEnd.TargetLost)]
    public async Task A_side_the_kernel_gives_up_on_is_lost_and_the_other_is_reset(bool consumerIsLost, FlowEnd end)
    {
        const int ipprotoTcp = 6, tcpUserTimeout = 18;
        await using var rig = new Rig();
        rig.Networks.OnMade = (network, socket) =>
        {
            if (network == (consumerIsLost ? "consumer" : "provider")) socket.SetRawSocketOption(ipprotoTcp, tcpUserTimeout, BitConverter.GetBytes(200)); // ms; what is accepted inherits it
        };
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);
        var sender = consumerIsLost ? target : consumer;

        var pushed = Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true) await sender.SendAsync(new byte[256 * 1024], SocketFlags.None).Within();
        });

        Assert.Equal(end, (await rig.Events.OneEndedAsync()).End);
        Assert.Equal(SocketError.ConnectionReset, (await pushed).SocketErrorCode);
    }

    [Fact]
    public async Task A_stopped_relay_resets_its_flows_and_says_so()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);

        await rig.Relay.DisposeAsync();

        await consumer.HearResetAsync();
        await target.HearResetAsync();
        Assert.Equal(FlowEnd.RelayStopped, (await rig.Events.OneEndedAsync()).End);
        await Assert.ThrowsAsync<SocketException>(() => rig.ConnectAsync());
    }

    [Fact]
    public async Task A_flow_that_ended_before_its_door_had_it_is_not_kept_by_the_door()
    {
        await using var rig = new Rig();
        var door = new OpenDoor(rig.Door(), new(rig.Networks, rig.Time, rig.Options, (_, _, accepted) => accepted.Dispose()));
        Assert.Empty(door.Follow(rig.Door(), rig.Node(), rig.Time.GetUtcNow()));
        var consumer = await rig.ConnectAsync();
        Flow Flow() => new(new(rig.Door(), rig.Node(), Rig.Listener(), (System.Net.IPEndPoint)consumer.LocalEndPoint!), consumer, new(), rig.Time, (flow, _) => door.Forget(flow));
        var (lives, ended) = (Flow(), Flow());

        ended.Cut(FlowEnd.ConsumerReset); // What the sweep does when it comes between the flow's start and its admission.
        Assert.Null(door.Admit(ended));
        Assert.Null(door.Admit(lives));

        Assert.Equal(1, door.Flows);
        door.Withdraw(FlowEnd.PlanWithdrawn);
        Assert.Equal(0, door.Flows);
    }

    [Fact]
    public void Every_end_has_a_culprit() => Assert.All(Enum.GetValues<FlowEnd>(), end => Assert.True(Enum.IsDefined(FlowEnds.Culprit(end))));
}
