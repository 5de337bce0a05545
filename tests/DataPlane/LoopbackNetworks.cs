using System.Collections.Concurrent;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane.Tests;

/// <summary>Plain sockets of this machine, counted per network name. A network can be made to be missing.</summary>
internal sealed class LoopbackNetworks : INetworks
{
    private readonly ConcurrentDictionary<string, int> made = new();

    public ConcurrentDictionary<string, SocketError> Broken { get; } = new();

    public int Made(string network) => made.GetValueOrDefault(network);

    public Socket CreateSocket(string network, SocketType type, ProtocolType protocol)
    {
        if (Broken.TryGetValue(network, out var error)) throw new SocketException((int)error);
        made.AddOrUpdate(network, 1, static (_, n) => n + 1);
        return new(AddressFamily.InterNetwork, type, protocol);
    }
}
