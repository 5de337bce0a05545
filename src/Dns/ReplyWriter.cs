using System.Buffers.Binary;
using System.Text;

namespace PrivateLinkCloud.Dns;

/// <summary>What a reply says, apart from what it copies from the query.</summary>
internal ref struct ReplyContent
{
    public ResponseCode Code;
    public bool Authoritative;

    /// <summary>IPv4 addresses as big-endian numbers, in answer order.</summary>
    public ReadOnlySpan<uint> Addresses;

    /// <summary>Of the addresses and of the SOA record, seconds.</summary>
    public uint TtlSeconds;

    /// <summary>Where in the question's name the hosted zone's name begins, for its SOA record; -1 for none.</summary>
    public int SoaStart;

    /// <summary>The SOA was asked for: it goes into the answer, not the authority section.</summary>
    public bool SoaIsAnswer;

    /// <summary>A sentence for the client's user (RFC 8914, extended error "other"), only sent to clients that speak EDNS; ASCII.</summary>
    public string? Explanation;
}

/// <summary>Lays a reply out in one array of exactly its length. Owners are pointers into the question, so the question's letter case is kept.</summary>
internal ref struct ReplyWriter
{
    private const int AddressRecord = 16;
    private const int SoaRecord = 50;
    private const int OptRecord = 11;
    internal const ushort ExtendedErrorOption = 15;

    /// <summary>Keeps every reply without addresses below 512 bytes, whatever the name.</summary>
    private const int MaxExplanation = 100;

    private readonly byte[] message;
    private int at;

    private ReplyWriter(int size) => message = new byte[size];

    public static byte[] Write(in Query query, in ReplyContent content, int limit)
    {
        var question = query.Question;
        var explanation = query.HasEdns && content.Explanation is { Length: <= MaxExplanation } sentence ? sentence : null;
        var opt = !query.HasEdns ? 0 : OptRecord + (explanation is null ? 0 : 6 + explanation.Length);
        var soa = content.SoaStart >= 0 ? SoaRecord : 0;
        var rest = Wire.HeaderSize + question.Length + soa + opt;
        var addresses = Math.Min(content.Addresses.Length, (limit - rest) / AddressRecord); // whole records only (RFC 2181 §9)
        var writer = new ReplyWriter(rest + addresses * AddressRecord);

        writer.Header(query, content, addresses);
        writer.Bytes(question);
        foreach (var address in content.Addresses[..addresses]) writer.Address(address, content.TtlSeconds);
        if (soa > 0) writer.Soa(content.SoaStart, content.TtlSeconds);
        if (opt > 0) writer.Opt(content.Code, query.DnssecOk, explanation);
        return writer.message;
    }

    /// <summary>Of a longer answer only its flags: header with TC, question, OPT. The client asks again over TCP and looks at nothing else.</summary>
    public static byte[] Truncated(in Query query, ushort flags)
    {
        var message = Write(query, new ReplyContent { SoaStart = -1 }, Wire.MinUdp);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(flags | Wire.Truncated));
        return message;
    }

    /// <summary>ID, opcode, RD and CD are the query's; RA because this is a resolver; AD never, because nothing here was validated.</summary>
    private void Header(in Query query, in ReplyContent content, int addresses)
    {
        var flags = Wire.Response | Wire.RecursionAvailable
            | (query.Flags & (Wire.OpcodeMask | Wire.RecursionDesired | Wire.CheckingDisabled))
            | (content.Authoritative ? Wire.Authoritative : 0)
            | (addresses < content.Addresses.Length ? Wire.Truncated : 0)
            | ((int)content.Code & 0xF);
        var soa = content.SoaStart >= 0;
        Short(query.Id);
        Short(flags);
        Short(query.Question.IsEmpty ? 0 : 1);
        Short(addresses + (soa && content.SoaIsAnswer ? 1 : 0));
        Short(soa && !content.SoaIsAnswer ? 1 : 0);
        Short(query.HasEdns ? 1 : 0);
    }

    private void Address(uint address, uint ttlSeconds)
    {
        RecordStart(0, RecordType.A, ttlSeconds, 4);
        Long(address);
    }

    /// <summary>As RFC 6303 §3 advises for a zone that exists only inside a resolver. Its last number, the negative TTL, is also the record's own TTL.</summary>
    private void Soa(int nameStart, uint negativeTtlSeconds)
    {
        RecordStart(nameStart, RecordType.Soa, negativeTtlSeconds, SoaRecord - 12);
        Short(Wire.Pointer | (Wire.HeaderSize + nameStart)); // primary server: the zone's own name
        Bytes("\u0006nobody\u0007invalid\0"u8); // mailbox: none (RFC 2606)
        Long(1); // serial
        Long(3600); // refresh, retry, expire: for secondaries, which there are none
        Long(1200);
        Long(604800);
        Long(negativeTtlSeconds);
    }

    private void Opt(ResponseCode code, bool dnssecOk, string? explanation)
    {
        Bytes([0]);
        Short((int)RecordType.Opt);
        Short(Wire.MaxUdp);
        Short((int)code >> 4 << 8); // upper bits of the RCODE; version 0
        Short(dnssecOk ? Wire.DnssecOk : 0); // RFC 3225 §3: copied
        Short(explanation is null ? 0 : 6 + explanation.Length);
        if (explanation is null) return;
        Short(ExtendedErrorOption);
        Short(2 + explanation.Length);
        Short(0);
        at += Encoding.ASCII.GetBytes(explanation, message.AsSpan(at));
    }

    private void RecordStart(int nameStart, RecordType type, uint ttlSeconds, int length)
    {
        Short(Wire.Pointer | (Wire.HeaderSize + nameStart));
        Short((int)type);
        Short(Wire.ClassInternet);
        Long(ttlSeconds);
        Short(length);
    }

    private void Short(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), (ushort)value);
        at += 2;
    }

    private void Long(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(at), value);
        at += 4;
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(message.AsSpan(at));
        at += bytes.Length;
    }
}
