using System.Buffers.Binary;

namespace PrivateLinkCloud.Dns;

/// <summary>Builds queries, for whoever asks a resolver: tests, tools, the lab.</summary>
public static class QueryWriter
{
    /// <param name="name">Without escapes; the trailing dot is optional.</param>
    /// <param name="ednsSize">The largest UDP reply we take, bytes; null: no EDNS.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is no DNS name.</exception>
    public static byte[] Write(ushort id, string name, RecordType type, int? ednsSize = Wire.MaxUdp, bool recursionDesired = true)
    {
        Span<byte> message = stackalloc byte[Wire.HeaderSize + Wire.MaxName + 4 + 11];
        message.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        if (recursionDesired) message[2] = Wire.RecursionDesired >> 8;
        message[5] = 1;
        var at = Wire.HeaderSize + WireName.Write(name, message[Wire.HeaderSize..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[at..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 2)..], Wire.ClassInternet);
        at += 4;
        if (ednsSize is null) return message[..at].ToArray();
        message[11] = 1;
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 1)..], (ushort)RecordType.Opt); // owner: the root, one zero byte
        BinaryPrimitives.WriteUInt16BigEndian(message[(at + 3)..], (ushort)ednsSize);
        return message[..(at + 11)].ToArray();
    }
}
