using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>Linux socket facts that the managed API has no names for.</summary>
internal static class TcpSockets
{
    private const int SolSocket = 1, SoReuseAddr = 2, SoReusePort = 15;
    private const int IpprotoIp = 0, IpBindAddressNoPort = 24;
    private const int IpprotoTcp = 6, TcpInfo = 11, TcpStateClose = 7;
    private static readonly byte[] On = BitConverter.GetBytes(1);
    private static readonly LingerOption NoLinger = new(true, 0);

    /// <summary>Bound and listening, shared by SO_REUSEPORT with every other agent that opens the same door. Throws <see cref="SocketException"/>.</summary>
    public static Socket Listen(this INetworks networks, string network, IPEndPoint at, int backlog)
    {
        var acceptor = networks.CreateSocket(network, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            acceptor.SetRawSocketOption(SolSocket, SoReuseAddr, On);
            acceptor.SetRawSocketOption(SolSocket, SoReusePort, On);
            acceptor.Bind(at);
            acceptor.Listen(backlog);
            return acceptor;
        }
        catch
        {
            acceptor.Dispose();
            throw;
        }
    }

    /// <summary>A socket that will connect from <paramref name="source"/>. The port is chosen at connect, when the kernel knows the whole
    /// 4-tuple: ~28,000 (by default) flows per target instead of per node. Throws <see cref="SocketException"/>.</summary>
    public static Socket From(this INetworks networks, string network, IPAddress source)
    {
        var socket = networks.CreateSocket(network, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetRawSocketOption(IpprotoIp, IpBindAddressNoPort, On);
            socket.NoDelay = true;
            socket.Bind(new IPEndPoint(source, 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes with a reset (SO_LINGER 0). Any thread, any state, any number of times.</summary>
    public static void Reset(this Socket socket)
    {
        try
        {
            socket.LingerState = NoLinger;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // Already closed, or never connected: nobody is left to be told.
        }
        socket.Dispose();
    }

    /// <summary>True when the kernel has the connection closed. Reads TCP_INFO, which, unlike SO_ERROR, takes nothing from a reader that waits.</summary>
    public static bool IsGone(this Socket socket)
    {
        Span<byte> info = stackalloc byte[8];
        try
        {
            return socket.GetRawSocketOption(IpprotoTcp, TcpInfo, info) > 0 && info[0] == TcpStateClose;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return false; // Closed by us: whoever closed it has said why.
        }
    }

    /// <summary>The error that waits on the socket, if one does; takes it.</summary>
    public static SocketError? TakeError(this Socket socket)
    {
        try
        {
            return socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int error and not 0 ? (SocketError)error : null;
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            return null;
        }
    }

    public static bool IsOutOfResources(SocketError error) => error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;
}
