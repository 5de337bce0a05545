using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Many flows at once, ending in every order there is.</summary>
public sealed class ChurnTests
{
    private const int Workers = 16, FlowsEach = 40;

    [Fact]
    public async Task Whatever_the_two_sides_do_every_flow_ends_once_and_nothing_is_left()
    {
        await using var rig = new Rig();
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new System.Net.IPEndPoint(rig.At(30), 9000));
        server.Listen(1024);
        _ = ServeAsync(server);
        await rig.OpenAsync(group: Rig.Group(rig.Target()) with { HealthCheck = Rig.RareCheck });

        await Task.WhenAll(Enumerable.Range(0, Workers).Select(seed => Task.Run(() => WorkAsync(rig, new(seed))))).Within(40);

        await rig.Events.EndedAsync(Workers * FlowsEach);
        var counters = rig.Relay.Counters()["vpce-1"];
        Assert.Equal((Workers * FlowsEach, 0), (counters.NewFlows, counters.ActiveFlows));
        Assert.Equal(Workers * FlowsEach, rig.Events.Flows.Count);
        Assert.Equal(counters.BytesToTarget, rig.Events.Flows.Sum(f => f.BytesToTarget));
        Assert.Equal(counters.BytesToConsumer, rig.Events.Flows.Sum(f => f.BytesToConsumer));
        Assert.All(rig.Events.Flows, f => Assert.Contains(f.End, new[] { FlowEnd.ConsumerClosed, FlowEnd.TargetClosed, FlowEnd.ConsumerReset, FlowEnd.TargetReset }));
    }

    private static async Task WorkAsync(Rig rig, Random chance)
    {
        for (var i = 0; i < FlowsEach; i++)
        {
            using var consumer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await BehaveAsync(consumer, chance, () => consumer.ConnectAsync(rig.At(10), Rig.Port));
        }
    }

    private static async Task ServeAsync(Socket server)
    {
        try
        {
            for (var seed = 1000; ; seed++)
            {
                var accepted = await server.AcceptAsync();
                _ = BehaveAsync(accepted, new(seed), () => Task.CompletedTask);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>Says something or nothing, then leaves in one of four ways.</summary>
    private static async Task BehaveAsync(Socket socket, Random chance, Func<Task> begin)
    {
        try
        {
            await begin(); // A target quick enough to reset makes the consumer's connect itself fail.
            await socket.SendAsync(new byte[chance.Next(200_000)], SocketFlags.None);
            switch (chance.Next(4))
            {
                case 0:
                    socket.CloseWithReset();
                    return;
                case 1:
                    socket.Dispose();
                    return;
                case 2:
                    socket.Shutdown(SocketShutdown.Send);
                    await ReadToEndAsync(socket, chance.Next(100_000));
                    break;
                default:
                    socket.Shutdown(SocketShutdown.Send);
                    await ReadToEndAsync(socket, long.MaxValue);
                    break;
            }
            socket.Dispose();
        }
        catch (SocketException)
        {
            socket.Dispose(); // The other side left without manners.
        }
    }

    private static async Task ReadToEndAsync(Socket socket, long atMost)
    {
        var buffer = new byte[16 * 1024];
        for (long have = 0; have < atMost;)
        {
            var count = await socket.ReceiveAsync(buffer, SocketFlags.None);
            if (count == 0) return;
            have += count;
        }
    }
}
