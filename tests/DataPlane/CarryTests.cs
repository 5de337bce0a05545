using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>What moves through a flow, and what it takes to move it.</summary>
public sealed class CarryTests
{
    private const long Gibibyte = 1L << 30;

    [Fact]
    public async Task A_gibibyte_each_way_at_once_arrives_whole_and_is_counted_to_the_byte()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var (consumer, target) = await rig.FlowAsync(server);
        var watch = Stopwatch.StartNew();

        var sent = await Task.WhenAll(
            Task.Run(() => SendAsync(consumer, 1)), Task.Run(() => SendAsync(target, 2)),
            Task.Run(() => ReceiveAsync(target)), Task.Run(() => ReceiveAsync(consumer))).Within(60);

        TestContext.Current.TestOutputHelper?.WriteLine($"1 GiB each way in {watch.Elapsed.TotalSeconds:F1} s");
        Assert.Equal(sent[0], sent[2]);
        Assert.Equal(sent[1], sent[3]);
        var record = await rig.Events.OneEndedAsync();
        Assert.Equal((Gibibyte + 1, Gibibyte), (record.BytesToTarget, record.BytesToConsumer));
        var counters = rig.Relay.Counters()["vpce-1"];
        Assert.Equal((1, 0, Gibibyte + 1, Gibibyte), (counters.NewFlows, counters.ActiveFlows, counters.BytesToTarget, counters.BytesToConsumer));
    }

    [Fact]
    public async Task A_slow_reader_bounds_what_its_sender_can_push()
    {
        const int socketBytes = 64 * 1024;
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        var consumer = await rig.ConnectAsync();
        consumer.SendBufferSize = socketBytes;
        await consumer.SayAsync("!");
        using var target = await server.NextAsync();
        target.ReceiveBufferSize = socketBytes;

        var pushed = await PushUntilStuckAsync(consumer);

        // Two kernel queues grow by themselves between the two: the relay's receive and send queue, tcp_rmem[2] and tcp_wmem[2].
        var bound = KernelMax("rmem") + KernelMax("wmem") + 4 * socketBytes + rig.Options.BufferBytes + (1 << 20);
        Assert.InRange(pushed, 1, bound);
        await ReadSomeAsync(target, pushed + 1); // It goes on as soon as the reader does.
        Assert.Equal(pushed + 1, rig.Relay.Counters()["vpce-1"].BytesToTarget);
    }

    [Fact]
    public async Task Counters_of_many_flows_add_up_to_the_byte_and_probes_are_not_among_them()
    {
        await using var rig = new Rig();
        var server = rig.Serve();
        await rig.OpenAsync();
        await using var prober = new DoorProber(rig.Networks, rig.Time, new());
        prober.Watch(new("door/10", "consumer", rig.At(3), rig.At(10), Rig.Port));
        await Eventually.Async(() => prober.IsPassing("door/10"), "the door passes");

        for (var i = 1; i <= 20; i++)
        {
            var (consumer, target) = await rig.FlowAsync(server);
            await target.SayAsync(new string('x', i));
            await consumer.HearAsync(new string('x', i));
            consumer.Shutdown(SocketShutdown.Send);
            target.Shutdown(SocketShutdown.Send);
        }
        await rig.Events.EndedAsync(20);

        var counters = rig.Relay.Counters()["vpce-1"];
        Assert.Equal((20, 0, 20, 210), (counters.NewFlows, counters.ActiveFlows, counters.BytesToTarget, counters.BytesToConsumer));
        Assert.Equal(20, counters.Ends.GetValueOrDefault(FlowEnd.ConsumerClosed) + counters.Ends.GetValueOrDefault(FlowEnd.TargetClosed));
    }

    [Fact]
    public async Task An_idle_flow_is_reset_and_one_that_moves_a_byte_is_not()
    {
        var time = new ManualTime();
        await using var rig = new Rig(time);
        var server = rig.Serve();
        await rig.OpenAsync(rig.Node(listeners: Rig.Listener(idleSeconds: 350)), Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });
        var (consumer, target) = await rig.FlowAsync(server);
        time.Advance(TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(340));
        await target.SayAsync("life");
        await consumer.HearAsync("life");
        time.Advance(TimeSpan.FromSeconds(349));
        Assert.Empty(rig.Events.Flows);
        time.Advance(TimeSpan.FromSeconds(2));

        var record = await rig.Events.OneEndedAsync();
        Assert.Equal(FlowEnd.IdleTimeout, record.End);
        Assert.InRange(record.Duration.TotalSeconds, 690, 692);
        await consumer.HearResetAsync();
        await target.HearResetAsync();
    }

    [Fact]
    public async Task An_idle_flow_holds_no_buffer()
    {
        const int flows = 200;
        await using var rig = new Rig(tune: o => o with { BufferBytes = 1 << 20 });
        var server = rig.Serve();
        await rig.OpenAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);

        for (var i = 0; i < flows; i++) await rig.FlowAsync(server);

        // A buffer held per flow and direction would be 400 MiB.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 40L << 20);
    }

    private static async Task<string> SendAsync(Socket socket, ulong seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // One block of seeded noise, stamped with its position: cheap to make, and no two blocks are alike.
        var block = new byte[1 << 20];
        for (var i = 0; i < block.Length; i += 8) BitConverter.TryWriteBytes(block.AsSpan(i), seed = seed * 6364136223846793005 + 1442695040888963407);
        for (long sent = 0; sent < Gibibyte; sent += block.Length)
        {
            BitConverter.TryWriteBytes(block, sent);
            hash.AppendData(block);
            await socket.SendAsync(block, SocketFlags.None);
        }
        socket.Shutdown(SocketShutdown.Send);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        while (await socket.ReceiveAsync(buffer, SocketFlags.None) is var count and > 0) hash.AppendData(buffer, 0, count);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Sends until nothing was taken for 300 ms, or far more than any bound was.</summary>
    private static async Task<long> PushUntilStuckAsync(Socket socket)
    {
        socket.Blocking = false;
        var chunk = new byte[64 * 1024];
        var pushed = 0L;
        for (var quiet = Stopwatch.StartNew(); quiet.ElapsedMilliseconds < 300 && pushed < 512L << 20;)
        {
            var count = socket.Send(chunk, SocketFlags.None, out var error);
            if (error == SocketError.Success) { pushed += count; quiet.Restart(); }
            else await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        return pushed;
    }

    private static async Task ReadSomeAsync(Socket socket, long bytes)
    {
        var buffer = new byte[64 * 1024];
        for (long have = 0; have < bytes;) have += await socket.ReceiveAsync(buffer, SocketFlags.None).Within();
    }

    private static long KernelMax(string which) => long.Parse(File.ReadAllText($"/proc/sys/net/ipv4/tcp_{which}").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[2], System.Globalization.CultureInfo.InvariantCulture);
}
