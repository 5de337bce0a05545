using System.Buffers.Binary;
using System.Net;

namespace PrivateLinkCloud.DataPlane;

/// <summary>
/// Spreads flows over targets. The vendor hashes the 5-tuple and the TCP sequence number; user space cannot see the latter, so a nonce
/// from a seeded source stands in for it (rules §2.11-2). Both are SplitMix64: the seed decides everything.
/// </summary>
internal sealed class FlowHash(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong position = seed;

    /// <summary>Another value each time, from any thread.</summary>
    public ulong NextNonce() => Mix(Interlocked.Add(ref position, Golden));

    public static ulong Of(IPEndPoint client, IPAddress door, int port, ulong nonce) =>
        Mix(Mix(Mix(nonce ^ Bits(client.Address, client.Port)) ^ Bits(door, port)) + Golden);

    private static ulong Bits(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return ((ulong)BinaryPrimitives.ReadUInt32BigEndian(bytes) << 16) | (uint)port;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
