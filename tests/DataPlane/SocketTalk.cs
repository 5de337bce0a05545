using System.Net.Sockets;
using System.Text;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>What tests say over sockets.</summary>
internal static class SocketTalk
{
    public static async Task SayAsync(this Socket socket, string words) => await socket.SendAsync(Encoding.ASCII.GetBytes(words), SocketFlags.None).Within();

    /// <summary>Reads exactly as many characters as expected.</summary>
    public static async Task HearAsync(this Socket socket, string expected)
    {
        var buffer = new byte[expected.Length];
        for (var have = 0; have < buffer.Length;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None).AsTask().Within();
            Assert.True(count > 0, $"end of stream after {have} of {buffer.Length} bytes");
            have += count;
        }
        Assert.Equal(expected, Encoding.ASCII.GetString(buffer));
    }

    public static async Task HearEndAsync(this Socket socket) => Assert.Equal(0, await socket.ReceiveAsync(new byte[1], SocketFlags.None).Within());

    public static async Task HearResetAsync(this Socket socket)
    {
        var error = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1], SocketFlags.None).Within());
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    /// <summary>As <see cref="HearResetAsync"/>, after whatever had arrived before.</summary>
    public static async Task HearResetAtLastAsync(this Socket socket)
    {
        var scrap = new byte[64 * 1024];
        var error = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (await socket.ReceiveAsync(scrap, SocketFlags.None).Within() > 0) { }
        });
        Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
    }

    /// <summary>Sends without pause until the socket has taken nothing for 200 ms: all queues on the way are full.</summary>
    public static Task PushUntilStuckAsync(this Socket socket) => Task.Run(() =>
    {
        socket.Blocking = false;
        var chunk = new byte[256 * 1024];
        while (socket.Poll(200_000, SelectMode.SelectWrite)) socket.Send(chunk, SocketFlags.None, out _);
    }).Within();

    public static void CloseWithReset(this Socket socket)
    {
        socket.LingerState = new(true, 0);
        socket.Dispose();
    }
}
