using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PrivateLinkCloud.Lab.Clients;

/// <summary>
/// A client that waits in the consumer's VPC for the endpoint to come alive: asks for the regional name every few milliseconds, and as
/// soon as there is an address fetches <c>/</c> from it. Started before the provider accepts, so that starting a process is not
/// part of what is measured.
/// </summary>
public static class FirstByteClient
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FlowPatience = TimeSpan.FromSeconds(2);

    /// <summary>Says <c>waiting</c> once it asks, then one line of JSON (<see cref="FirstByte"/>).</summary>
    /// <returns>0, or 1 when the time was up.</returns>
    public static async Task<int> RunAsync(string resolver, string name, int port, TimeSpan patience)
    {
        await WarmUpAsync();
        using var question = new DnsQuestion(new IPEndPoint(IPAddress.Parse(resolver), 53), AnswerPatience);
        using var deadline = new CancellationTokenSource(patience);
        Console.WriteLine("waiting");
        for (int questions = 1, flows = 0; !deadline.IsCancellationRequested; questions++)
        {
            if (question.Ask(name) is [var address, ..])
            {
                var resolved = DateTimeOffset.UtcNow;
                flows++;
                if (await FetchAsync(address, port, name) is { } fetched)
                {
                    Console.WriteLine(JsonSerializer.Serialize(new FirstByte(address.ToString(), resolved, fetched.Connected, fetched.FirstByte, fetched.Line, questions, flows)));
                    return 0;
                }
            }
            await Task.Delay(Pause);
        }
        Console.WriteLine("the time is up");
        return 1;
    }

    private static async Task<(DateTimeOffset Connected, DateTimeOffset FirstByte, string Line)?> FetchAsync(IPAddress address, int port, string host)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(FlowPatience);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), patience.Token);
            var connected = DateTimeOffset.UtcNow;
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), patience.Token);
            var buffer = new byte[4096];
            var read = await socket.ReceiveAsync(buffer, patience.Token);
            return read == 0 ? null : (connected, DateTimeOffset.UtcNow, Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0]);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return null; // refused, reset or silent: the next answer may name another door
        }
    }

    /// <summary>Runs the whole way once against ourselves: compiling it is not what is measured either.</summary>
    private static async Task WarmUpAsync()
    {
        using var acceptor = new TcpListener(IPAddress.Loopback, 0);
        acceptor.Start();
        var fetching = FetchAsync(IPAddress.Loopback, ((IPEndPoint)acceptor.LocalEndpoint).Port, "localhost");
        using var accepted = await acceptor.AcceptSocketAsync();
        await accepted.ReceiveAsync(new byte[4096]);
        await accepted.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
        _ = JsonSerializer.Serialize(new FirstByte("", default, default, default, (await fetching)?.Line ?? "", 0, 0));
    }
}

/// <summary>Times of one machine's clock. <paramref name="Questions"/> and <paramref name="Flows"/> count what it took.</summary>
public sealed record FirstByte(string Address, DateTimeOffset ResolvedAt, DateTimeOffset ConnectedAt, DateTimeOffset FirstByteAt, string StatusLine, int Questions, int Flows);
