using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Both ends of a door probe.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task A_door_that_can_serve_passes_and_no_target_is_dialled_for_it()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });
        await using var watch = new Watch(rig);

        await watch.PassesAsync();

        Assert.Single(server.Peers); // The one health check.
        Assert.Empty(rig.Relay.Counters());
    }

    [Fact]
    public async Task A_held_probe_is_asked_again_and_again_over_the_same_connection()
    {
        await using var rig = new Rig();
        using var door = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        door.Bind(new IPEndPoint(rig.At(10), Rig.Port));
        door.Listen();
        await using var watch = new Watch(rig, new() { Interval = TimeSpan.FromMilliseconds(10) });
        using var held = await door.AcceptAsync(TestContext.Current.CancellationToken).AsTask().Within();
        Assert.Equal(rig.At(3), ((IPEndPoint)held.RemoteEndPoint!).Address);

        for (var i = 0; i < 5; i++)
        {
            await held.HearAsync("?");
            await held.SayAsync("?");
        }

        await watch.PassesAsync();
        Assert.Equal(1, rig.Networks.Made("consumer"));
        Assert.Equal([true], watch.Told);
    }

    [Fact]
    public async Task The_probe_is_reset_at_once_when_the_last_target_goes_and_passes_again_when_it_returns()
    {
        await using var rig = new Rig();
        using var other = new TestTarget(rig.At(40), 9000);
        var server = new TestTarget(rig.At(30), 9000);
        await rig.OpenAsync(group: Rig.Group(rig.Target(), rig.Target(40, "zb")));
        await using var watch = new Watch(rig, new() { Interval = TimeSpan.FromMinutes(10) });
        await watch.PassesAsync();

        server.Dispose();
        await watch.FailsAsync();

        Assert.Equal(HealthStatus.Unhealthy, rig.Relay.Health.Single(h => h.Key.Address.Equals(rig.At(30))).Value.Status);
        using var again = new TestTarget(rig.At(30), 9000);
        await watch.PassesAsync();
        Assert.Equal([true, false, true], watch.Told);
    }

    [Fact]
    public async Task A_group_that_failed_open_passes()
    {
        await using var rig = new Rig();
        await rig.OpenAsync(healthy: 0);
        await using var watch = new Watch(rig);
        await rig.UnhealthyAsync(1);
        await watch.PassesAsync();
    }

    [Theory]
    [InlineData("door")]
    [InlineData("listener")]
    [InlineData("group")]
    [InlineData("targets")]
    [InlineData("acceptUntil")]
    [InlineData("relay")]
    public async Task Whatever_closes_the_door_fails_its_probe_at_once(string cause)
    {
        await using var rig = new Rig();
        rig.Serve();
        await rig.OpenAsync();
        await using var watch = new Watch(rig, new() { Interval = TimeSpan.FromMinutes(10) });
        await watch.PassesAsync();

        var table = rig.Table;
        if (cause == "relay") await rig.Relay.DisposeAsync();
        else _ = cause switch // Each names what it changes and nothing else.
        {
            "door" => rig.Relay.Apply(table with { Doors = table.Doors.Clear() }, ["door/10"], [], []),
            "listener" => rig.Relay.Apply(table with { Nodes = table.Nodes.SetItem("node", rig.Node(listeners: Rig.Listener(8081))) }, [], ["node"], []),
            "group" => rig.Relay.Apply(table with { Nodes = table.Nodes.SetItem("node", rig.Node(listeners: Rig.Listener(group: "empty"))) }, [], ["node"], []),
            "targets" => rig.Relay.Apply(table with { TargetGroups = table.TargetGroups.SetItem("group", Rig.Group()) }, [], [], ["group"]),
            "acceptUntil" => rig.Relay.Apply(table with { Doors = table.Doors.SetItem("door/10", rig.Door() with { AcceptUntil = TimeProvider.System.GetUtcNow() }) }, ["door/10"], [], []),
            _ => throw new ArgumentOutOfRangeException(nameof(cause)),
        };

        await watch.FailsAsync();
    }

    [Fact]
    public async Task A_relay_that_accepts_and_says_nothing_fails()
    {
        await using var rig = new Rig();
        using var mute = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        mute.Bind(new IPEndPoint(rig.At(10), Rig.Port));
        mute.Listen(64);
        await using var watch = new Watch(rig, new() { Timeout = TimeSpan.FromMilliseconds(20) });

        await Eventually.Async(() => rig.Networks.Made("consumer") >= 4, "four attempts");

        Assert.Empty(watch.Told);
    }

    [Fact]
    public async Task A_kick_does_not_wait_for_the_pause_to_end()
    {
        var time = new ManualTime(); // Stands still: no pause ends by itself.
        await using var rig = new Rig();
        await using var prober = new DoorProber(rig.Networks, time, new());
        prober.Watch(new("door/10", "consumer", rig.At(3), rig.At(10), Rig.Port));
        // Not when its socket is made: its connect may come late, and find the door that is opened below.
        await Eventually.Async(() => time.NextIn == ProbeBackoff.After(1), "the pause after the first attempt");
        rig.Serve();
        await rig.OpenAsync();
        Assert.False(prober.IsPassing("door/10"));

        await Eventually.Async(() =>
        {
            prober.Kick("door/10");
            return prober.IsPassing("door/10");
        }, "the kick helps");
    }

    [Fact]
    public async Task Watching_is_idempotent_changed_values_start_anew_and_a_forgotten_door_does_not_pass()
    {
        await using var rig = new Rig();
        rig.Serve();
        await rig.OpenAsync(rig.Node(listeners: [Rig.Listener(), Rig.Listener(8081)]));
        await using var watch = new Watch(rig);
        await watch.PassesAsync();
        var made = rig.Networks.Made("consumer");

        watch.Prober.Watch(watch.Door with { });
        Assert.Equal(made, rig.Networks.Made("consumer"));
        watch.Prober.Watch(watch.Door with { Port = 8081 });
        await watch.PassesAsync(after: 3);
        Assert.Equal([true, false, true], watch.Told);

        watch.Prober.Forget("door/10");
        Assert.False(watch.Prober.IsPassing("door/10"));
        Assert.Equal(3, watch.Told.Count);
    }

    [Fact]
    public async Task A_probe_that_falls_silent_is_let_go()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        rig.Serve();
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });
        var probe = await rig.ConnectAsync(from: 3);
        await probe.SayAsync("?");
        await probe.HearAsync("?");

        time.Advance(rig.Options.ProbeSilence + TimeSpan.FromSeconds(1));

        await probe.HearResetAsync();
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 50)]
    [InlineData(4, 100)]
    [InlineData(7, 1000)]
    [InlineData(1000000, 1000)]
    public void The_pause_grows_to_a_second(int failures, int milliseconds) => Assert.Equal(milliseconds, ProbeBackoff.After(failures).TotalMilliseconds);

    private sealed class Watch : IAsyncDisposable
    {
        public Watch(Rig rig, ProbeOptions? options = null)
        {
            Prober = new(rig.Networks, TimeProvider.System, options ?? new(), (_, passing) => Told.Enqueue(passing));
            Door = new("door/10", "consumer", rig.At(3), rig.At(10), Rig.Port);
            Prober.Watch(Door);
        }

        public ConcurrentQueue<bool> Told { get; } = new();
        public DoorProber Prober { get; }
        public ProbedDoor Door { get; }

        public Task PassesAsync(int after = 0) => Eventually.Async(() => Prober.IsPassing("door/10") && Told.Count >= after, "the door passes");
        public Task FailsAsync() => Eventually.Async(() => !Prober.IsPassing("door/10"), "the door fails", seconds: 3);
        public ValueTask DisposeAsync() => Prober.DisposeAsync();
    }
}
