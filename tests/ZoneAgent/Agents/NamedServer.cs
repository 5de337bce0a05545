using System.Net.Sockets;
using System.Text;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>A real TCP server inside a provider's network: answers a line with its own name and the line, for as long as lines come.</summary>
internal sealed class NamedServer : IDisposable
{
    private readonly Socket _acceptor;
    private readonly string _name;

    public NamedServer(HostFixture host, string network, string address, int port, string name)
    {
        _name = name;
        _acceptor = host.Tcp(network);
        _acceptor.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _acceptor.Bind(HostFixture.At(address, port));
        _acceptor.Listen(128);
        _ = AcceptAsync();
    }

    public void Dispose() => _acceptor.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _acceptor.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // stopped
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using var reader = new StreamReader(new NetworkStream(connection, ownsSocket: true), Encoding.UTF8);
            while (await reader.ReadLineAsync() is { } line)
                await connection.SendAsync(Encoding.UTF8.GetBytes($"{_name} {line} from {((System.Net.IPEndPoint)connection.RemoteEndPoint!).Address}\n"));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // a health check, or a client that left
        }
    }
}

/// <summary>A client inside a consumer's network.</summary>
internal sealed class LineClient : IDisposable
{
    private readonly StreamReader _reader;
    private readonly Socket _socket;

    private LineClient(Socket socket)
    {
        _socket = socket;
        _reader = new StreamReader(new NetworkStream(socket, ownsSocket: true));
    }

    public static async Task<LineClient> ConnectAsync(HostFixture host, string network, string address, int port)
    {
        var socket = host.Tcp(network);
        try
        {
            await socket.ConnectAsync(HostFixture.At(address, port), TestContext.Current.CancellationToken);
            return new LineClient(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task<string?> SayAsync(string line)
    {
        await _socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken);
        return await _reader.ReadLineAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>One connection, one line; null when it was refused, reset or closed.</summary>
    public static async Task<string?> AskAsync(HostFixture host, string network, string address, int port)
    {
        try
        {
            using var client = await ConnectAsync(host, network, address, port);
            return await client.SayAsync("hello");
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }

    public void Dispose() => _reader.Dispose();
}
