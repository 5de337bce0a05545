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

    public static void CloseWithReset(this Socket socket)
    {
        socket.LingerState = new(true, 0);
        socket.Dispose();
    }
}
