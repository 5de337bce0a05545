using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

public sealed class AcceptorTests
{
    [Fact]
    public async Task An_accept_that_fails_waits_before_it_tries_again_and_then_goes_on()
    {
        var time = new ManualTime();
        await using var rig = new Rig(); // For an address of its own: shutdown keeps a port that was asked for by number.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(rig.At(10), Rig.Port));
        socket.Listen();
        socket.Shutdown(SocketShutdown.Both); // From here on accept fails, at once and each time.
        using var acceptor = new Acceptor(socket, Rig.Port, time, TimeSpan.FromMilliseconds(100));
        var accepted = new ConcurrentQueue<Socket>();

        var run = acceptor.RunAsync((_, client) => accepted.Enqueue(client));

        await Eventually.Async(() => time.Waiting == 1, "it waits");
        socket.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(rig.At(10), Rig.Port, TestContext.Current.CancellationToken).AsTask().Within();
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal((1, 0), (time.Waiting, accepted.Count));
        time.Advance(TimeSpan.FromMilliseconds(1));
        await Eventually.Async(() => accepted.Count == 1, "it goes on");
        acceptor.Dispose();
        await run.Within();
    }
}
