using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>The relay's end of a resolver's probe: echoes while the zone can serve the listener, and is reset the moment it cannot.
/// No target is dialled and nothing is counted.</summary>
internal sealed class HeldProbe(OpenDoor door, int port, Socket socket, TimeProvider time)
{
    private long lastHeard = time.GetTimestamp();

    public int Port => port;

    /// <summary>Ends when either side has ended the probe. <paramref name="serves"/> is asked again before every echo.</summary>
    public async Task RunAsync(Func<bool> serves)
    {
        // Held first, asked second: a change in between resets it through the door's list.
        var held = door.Hold(this);
        try
        {
            socket.NoDelay = true;
            var buffer = new byte[16];
            while (held && serves())
            {
                var count = await socket.ReceiveAsync(buffer, SocketFlags.None);
                if (count == 0) break;
                Volatile.Write(ref lastHeard, time.GetTimestamp());
                if (serves()) await socket.SendAsync(buffer.AsMemory(0, count), SocketFlags.None);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The prober went away, or we reset it.
        }
        Reset();
        door.Release(this);
    }

    public bool SilentFor(TimeSpan span) => time.GetElapsedTime(Volatile.Read(ref lastHeard)) >= span;

    public void Reset() => socket.Reset();
}
