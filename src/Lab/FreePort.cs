using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Lab;

/// <summary>
/// Holds a loopback port for processes that will share it (SO_REUSEPORT): our socket is bound and never accepts, so the kernel hands
/// the flows to those who do, and nobody else gets the port between choice and use.
/// </summary>
public sealed class FreePort : IDisposable
{
    private const int SocketLevel = 1, ReusePort = 15; // SOL_SOCKET, SO_REUSEPORT of Linux; .NET has no name for it
    private readonly Socket _holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    /// <param name="wanted">0: any free one.</param>
    /// <exception cref="LabException">The wanted port is taken.</exception>
    public FreePort(int wanted)
    {
        if (wanted != 0) RequireFree(wanted);
        _holder.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, wanted));
    }

    public int Port => ((IPEndPoint)_holder.LocalEndPoint!).Port;

    public void Dispose() => _holder.Dispose();

    /// <summary>A port shared by others who set SO_REUSEPORT too would let us in: ask once without it.</summary>
    private static void RequireFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
        }
        catch (SocketException e)
        {
            throw new LabException($"Port {port} of 127.0.0.1 cannot be had ({e.SocketErrorCode}). Unset PLC_LAB_API_PORT to get a free one, or name another.");
        }
    }
}
