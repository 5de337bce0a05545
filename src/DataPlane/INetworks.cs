using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>Where sockets come from. The agent's fabric makes them inside a network namespace; a test may make plain ones.</summary>
public interface INetworks
{
    /// <summary>An unbound IPv4 socket inside the named network. Throws <see cref="SocketException"/> when the network is not there.</summary>
    Socket CreateSocket(string network, SocketType type, ProtocolType protocol);
}
