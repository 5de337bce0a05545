using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Notifier.Egress;

/// <summary>Turns a name into addresses: the network is an argument.</summary>
public delegate Task<IPAddress[]> ResolveName(string name, CancellationToken cancel);

/// <summary>No address of a destination may be connected to.</summary>
public sealed class EgressRefusedException(string message) : Exception(message);

/// <summary>The destination's name has no address.</summary>
public sealed class NameNotResolvedException(string message) : Exception(message);

/// <summary>
/// Opens the sockets of all webhooks: resolves once, judges, and connects to <em>that</em> address, so that a name which answers
/// differently the second time (DNS rebinding) gains nothing. The handler still speaks TLS to the name.
/// </summary>
public sealed class GuardedConnect(EgressGuard guard, ResolveName resolve)
{
    /// <summary>For <see cref="SocketsHttpHandler.ConnectCallback"/>.</summary>
    /// <exception cref="EgressRefusedException">Every address is refused.</exception>
    /// <exception cref="NameNotResolvedException">There is none.</exception>
    /// <exception cref="SocketException">Of the last address tried.</exception>
    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var addresses = await Permitted(context.DnsEndPoint.Host, cancel);
        for (var i = 0; ; i++)
        {
            try
            {
                return await Connect(new IPEndPoint(addresses[i], context.DnsEndPoint.Port), cancel);
            }
            catch (SocketException) when (i + 1 < addresses.Count)
            {
                // Another address of the same name may still answer; the last one's failure is the one told.
            }
        }
    }

    private async Task<IReadOnlyList<IPAddress>> Permitted(string host, CancellationToken cancel)
    {
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Resolved(host, cancel);
        var faults = addresses.Select(guard.Fault).ToList();
        var permitted = addresses.Where((_, i) => faults[i] is null).ToList();
        return permitted.Count > 0 ? permitted : throw new EgressRefusedException(string.Join("; ", faults));
    }

    private async Task<IPAddress[]> Resolved(string host, CancellationToken cancel)
    {
        try
        {
            var addresses = await resolve(host, cancel);
            return addresses.Length > 0 ? addresses : throw new NameNotResolvedException($"{host} has no address");
        }
        catch (SocketException e)
        {
            throw new NameNotResolvedException($"{host}: {e.Message}");
        }
    }

    private static async Task<Stream> Connect(IPEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
