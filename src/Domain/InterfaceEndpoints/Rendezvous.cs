using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PrivateLinkCloud.Domain.InterfaceEndpoints;

/// <summary>Highest-random-weight choice: the same key and candidates give the same answer everywhere, and a candidate that leaves moves
/// only the keys it had. Decided once, at acceptance, and stored (S-47).</summary>
public static class Rendezvous
{
    public static string Choose(string key, IEnumerable<string> candidates) => candidates.MaxBy(c => (Weight(key, c), c))!;

    private static ulong Weight(string key, string candidate) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{candidate}")));
}
