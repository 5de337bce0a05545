using System.Buffers.Binary;

namespace PrivateLinkCloud.Dns;

/// <summary>What a received message turned out to be. Ordered by how far the reader came.</summary>
internal enum QueryState
{
    /// <summary>Shorter than a header, or a response: never answered.</summary>
    NotAQuery,
    OtherOpcode,
    Malformed,
    BadVersion,
    WellFormed,
}

/// <summary>
/// One query as it lies in the receive buffer: nothing is copied. Whatever was readable before a fault is kept, so that an error reply can
/// echo the question and the OPT record.
/// </summary>
internal ref struct Query
{
    private ReadOnlySpan<byte> bytes;

    public QueryState State { get; private set; }
    public ushort Id { get; private set; }
    public ushort Flags { get; private set; }
    public RecordType Type { get; private set; }
    public ushort Class { get; private set; }
    public bool HasEdns { get; private set; }
    public bool DnssecOk { get; private set; }
    private ushort ednsSize;
    private byte ednsVersion;
    private int questionEnd;

    /// <summary>Name, type and class as received, letter case included (0x20: clients compare it); empty if it could not be read.</summary>
    public readonly ReadOnlySpan<byte> Question => questionEnd == 0 ? default : bytes[Wire.HeaderSize..questionEnd];

    /// <summary>The question's name, uncompressed, its root label included. Only of a query whose question could be read.</summary>
    public readonly ReadOnlySpan<byte> Name => bytes[Wire.HeaderSize..(questionEnd - 4)];

    /// <summary>The longest reply this client takes on this transport, bytes.</summary>
    public readonly int ReplyLimit(Transport transport) => transport == Transport.Tcp ? Wire.MaxTcp
        : HasEdns ? Math.Clamp((int)ednsSize, Wire.MinUdp, Wire.MaxUdp) : Wire.MinUdp;

    public static Query Read(ReadOnlySpan<byte> bytes)
    {
        var query = new Query { bytes = bytes };
        query.State = query.ReadAll();
        return query;
    }

    private QueryState ReadAll()
    {
        if (bytes.Length < Wire.HeaderSize) return QueryState.NotAQuery;
        Id = Short(0);
        Flags = Short(2);
        if ((Flags & Wire.Response) != 0) return QueryState.NotAQuery;
        if ((Flags & Wire.OpcodeMask) != 0) return QueryState.OtherOpcode; // the sections of other opcodes mean other things: not read
        if (Short(4) != 1 || !ReadQuestion()) return QueryState.Malformed;
        if (!ReadRecords()) return QueryState.Malformed;
        return ednsVersion > 0 ? QueryState.BadVersion : QueryState.WellFormed;
    }

    /// <summary>The first name of a message has nothing before it to point to: a compression pointer in it is malformed, as in Knot DNS.</summary>
    private bool ReadQuestion()
    {
        var at = WireName.End(bytes, Wire.HeaderSize, pointers: false);
        if (at < 0 || bytes.Length - at < 4) return false;
        Type = (RecordType)Short(at);
        Class = Short(at + 2);
        questionEnd = at + 4;
        return true;
    }

    /// <summary>Walks the other sections for the OPT record. Bytes after the last record are malformed, as in Knot DNS (BIND logs and accepts them).</summary>
    private bool ReadRecords()
    {
        var beforeAdditional = Short(6) + Short(8);
        var records = beforeAdditional + Short(10);
        var at = questionEnd;
        for (var i = 0; i < records; i++)
        {
            var fixedPart = WireName.End(bytes, at, pointers: true);
            if (fixedPart < 0 || bytes.Length - fixedPart < 10) return false;
            var data = fixedPart + 10;
            var end = data + Short(fixedPart + 8);
            if (end > bytes.Length) return false;
            if (Short(fixedPart) == (ushort)RecordType.Opt && !ReadOpt(at, fixedPart, bytes[data..end], i >= beforeAdditional)) return false;
            at = end;
        }
        return at == bytes.Length;
    }

    /// <summary>RFC 6891 §6.1.1: at most one, owned by the root, in the additional section; its options must fill it exactly.</summary>
    private bool ReadOpt(int owner, int fixedPart, ReadOnlySpan<byte> options, bool inAdditional)
    {
        if (HasEdns) return false;
        HasEdns = true; // from here on even a FORMERR carries our OPT (RFC 6891 §7)
        ednsSize = Short(fixedPart + 2);
        ednsVersion = bytes[fixedPart + 5];
        DnssecOk = (Short(fixedPart + 6) & Wire.DnssecOk) != 0;
        if (bytes[owner] != 0 || !inAdditional) return false;
        while (options.Length >= 4)
        {
            var size = 4 + BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            if (size > options.Length) return false;
            options = options[size..];
        }
        return options.IsEmpty;
    }

    private readonly ushort Short(int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
