using System.ComponentModel;
using System.Net.Sockets;
using PrivateLinkCloud.DataPlane;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>Makes sockets inside the namespaces of the fabric.</summary>
public sealed class NamespaceSockets(NamespaceThread thread, NamespaceNames names) : INetworks
{
    public Socket CreateSocket(string network, SocketType type, ProtocolType protocol)
    {
        try
        {
            return thread.In(names.PathOf(network), () =>
            {
                var handle = Native.InetSocket((int)type, (int)protocol);
                var socket = new Socket(new SafeSocketHandle(handle.DangerousGetHandle(), ownsHandle: true));
                handle.SetHandleAsInvalid(); // the socket owns the descriptor from here on
                return socket;
            });
        }
        catch (Win32Exception e)
        {
            throw new SocketException((int)ErrorOf(e.NativeErrorCode), $"{network}: {e.Message}");
        }
    }

    /// <summary>What the relay tells apart: this process has nothing left, or the network is not there.</summary>
    internal static SocketError ErrorOf(int errno) => errno switch
    {
        2 => SocketError.NetworkUnreachable, // ENOENT: no such namespace
        23 or 24 => SocketError.TooManyOpenSockets, // ENFILE, EMFILE
        12 or 105 => SocketError.NoBufferSpaceAvailable, // ENOMEM, ENOBUFS
        _ => SocketError.SocketError,
    };
}
