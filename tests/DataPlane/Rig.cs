using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>
/// A zone on loopback: one /24 of 127.0.0.0/8 of its own, in which .3 is the probe source, .5 the consumer, .10 the door, .20 the node
/// and .30 upwards the targets. The second byte comes from the process id, so that runs side by side do not meet.
/// </summary>
internal sealed class Rig : IAsyncDisposable
{
    public const int Port = 8080;
    private static int rigs;
    private readonly int third = Interlocked.Increment(ref rigs);
    private readonly List<IDisposable> mine = [];

    public Rig(TimeProvider? time = null, Func<RelayOptions, RelayOptions>? tune = null)
    {
        Time = time ?? TimeProvider.System;
        Options = new RelayOptions { Seed = 1, SweepInterval = TimeSpan.FromMilliseconds(20), ConnectTimeout = TimeSpan.FromSeconds(2) };
        Options = tune?.Invoke(Options) ?? Options;
        Relay = new(Networks, Time, Options, Events);
    }

    public TimeProvider Time { get; }
    public RelayOptions Options { get; }
    public LoopbackNetworks Networks { get; } = new();
    public RecordedEvents Events { get; } = new();
    public Relay Relay { get; }
    public RelayTable Table => Relay.Table;

    public static HealthCheck QuickCheck { get; } = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), 2, 2);

    /// <summary>One check, and no second one within any test.</summary>
    public static HealthCheck RareCheck { get; } = QuickCheck with { Interval = TimeSpan.FromDays(1) };

    public IPAddress At(int last) => new([127, (byte)(1 + Environment.ProcessId % 250), (byte)third, (byte)last]);

    public Door Door(int last = 10, string node = "node") => new($"door/{last}", "vpce-1", "consumer", At(last), At(3), node, null, null);

    public Node Node(bool crossZone = false, params Listener[] listeners) =>
        new("node", "provider", At(20), "za", crossZone, listeners is [] ? [Listener()] : [.. listeners]);

    public static Listener Listener(int port = Port, double idleSeconds = 350, string group = "group") => new(port, group, TimeSpan.FromSeconds(idleSeconds));

    public Target Target(int last = 30, string zone = "za") => new(At(last), 9000, zone);

    public static TargetGroup Group(params Target[] targets) => new("group", QuickCheck, [.. targets]);

    public TestTarget Serve(int last = 30)
    {
        var target = new TestTarget(At(last), 9000);
        mine.Add(target);
        return target;
    }

    public static RelayTable Tabled(IEnumerable<Door> doors, IEnumerable<Node> nodes, IEnumerable<TargetGroup> groups) => new(
        doors.ToImmutableDictionary(d => d.Key), nodes.ToImmutableDictionary(n => n.Key), groups.ToImmutableDictionary(g => g.Key));

    /// <summary>Applies a table, naming everything in it and everything that was in the one before.</summary>
    public IReadOnlyList<DoorTrouble> Apply(RelayTable next, Relay? relay = null)
    {
        relay ??= Relay;
        var before = relay.Table;
        return relay.Apply(next, [.. before.Doors.Keys.Union(next.Doors.Keys)], [.. before.Nodes.Keys.Union(next.Nodes.Keys)], [.. before.TargetGroups.Keys.Union(next.TargetGroups.Keys)]);
    }

    /// <summary>One door, one node, and the targets; waits until <paramref name="healthy"/> of them are (all of them by default).</summary>
    public async Task OpenAsync(Node? node = null, TargetGroup? group = null, int? healthy = null)
    {
        group ??= Group(Target());
        Assert.Empty(Apply(Tabled([Door()], [node ?? Node()], [group])));
        await HealthyAsync(healthy ?? group.Targets.Length);
    }

    public Task HealthyAsync(int count, Relay? relay = null) =>
        Eventually.Async(() => (relay ?? Relay).Health.Values.Count(h => h.Status == HealthStatus.Healthy) == count, $"{count} targets are healthy");

    public Task UnhealthyAsync(int count) =>
        Eventually.Async(() => Relay.Health.Values.Count(h => h.Status == HealthStatus.Unhealthy) == count, $"{count} targets are unhealthy");

    public async Task<Socket> ConnectAsync(int door = 10, int port = Port, int from = 5)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        mine.Add(socket);
        socket.Bind(new IPEndPoint(At(from), 0));
        await socket.ConnectAsync(At(door), port).Within();
        return socket;
    }

    /// <summary>Connects to a door that is going to reset. The reset may come before the connect is seen to be done.</summary>
    public async Task BeResetAsync()
    {
        try
        {
            await (await ConnectAsync()).HearResetAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // As it should be.
        }
    }

    /// <summary>A flow over which one byte has gone to the target.</summary>
    public async Task<(Socket Consumer, Socket Target)> FlowAsync(TestTarget target, int door = 10, int port = Port)
    {
        var consumer = await ConnectAsync(door, port);
        await consumer.SayAsync("!");
        var accepted = await target.NextAsync();
        mine.Add(accepted);
        await accepted.HearAsync("!");
        return (consumer, accepted);
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        foreach (var one in mine) one.Dispose();
    }
}
