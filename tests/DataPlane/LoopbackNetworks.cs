using System.Collections.Concurrent;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Plain sockets of this machine, counted per network name. A network can be made to be missing.</summary>
internal sealed class LoopbackNetworks : INetworks
{
    private readonly ConcurrentDictionary<string, int> asked = new(), made = new();

    public ConcurrentDictionary<string, SocketError> Broken { get; } = new();

    /// <summary>Called with each new socket, before it is handed out.</summary>
    public Action<string, Socket>? OnMade { get; set; }

    /// <summary>Sockets asked for, had or not.</summary>
    public int Asked(string network) => asked.GetValueOrDefault(network);

    public int Made(string network) => made.GetValueOrDefault(network);

    public Socket CreateSocket(string network, SocketType type, ProtocolType protocol)
    {
        asked.AddOrUpdate(network, 1, static (_, n) => n + 1);
        if (Broken.TryGetValue(network, out var error)) throw new SocketException((int)error);
        made.AddOrUpdate(network, 1, static (_, n) => n + 1);
        var socket = Adopted(new(AddressFamily.InterNetwork, type, protocol));
        OnMade?.Invoke(network, socket);
        return socket;
    }

    /// <summary>A socket made from a bare descriptor, as the agent's fabric makes them: it knows less than one that was made whole.</summary>
    private static Socket Adopted(Socket made)
    {
        var descriptor = made.SafeHandle.DangerousGetHandle();
        made.SafeHandle.SetHandleAsInvalid();
        return new(new SafeSocketHandle(descriptor, ownsHandle: true));
    }
}
