using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace PrivateLinkCloud.Dns;

/// <summary>Reads through a message from front to back. Every method throws <see cref="FormatException"/> where the bytes do not suffice.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int at;

    public readonly bool AtEnd => at == message.Length;

    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(2));

    private uint Long() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(4));

    public string Question()
    {
        var name = Name();
        var type = (RecordType)Short();
        var @class = Short();
        return $"{name} {(@class == Wire.ClassInternet ? "IN" : $"CLASS{@class}")} {RecordTypes.Text(type)}";
    }

    public List<ResourceRecord> Records(int count, ref EdnsInfo? edns)
    {
        var records = new List<ResourceRecord>();
        for (var i = 0; i < count; i++)
        {
            var name = Name();
            var type = (RecordType)Short();
            var @class = Short();
            var ttl = Long();
            var end = Short() + at;
            if (end > message.Length) throw new FormatException("record data leave the message");
            if (type == RecordType.Opt) edns = Edns(@class, ttl, message[at..end]);
            else records.Add(new(name, ttl, type, Data(type, end)));
            at = end;
        }
        return records;
    }

    private string Data(RecordType type, int end) => type switch
    {
        RecordType.A when end - at == 4 => new IPAddress(Bytes(4)).ToString(),
        RecordType.Aaaa when end - at == 16 => new IPAddress(Bytes(16)).ToString(),
        RecordType.Ns or RecordType.Cname or RecordType.Ptr => Name(),
        RecordType.Soa => $"{Name()} {Name()} {Long()} {Long()} {Long()} {Long()} {Long()}",
        RecordType.Txt => Texts(end),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\# {end - at} {Convert.ToHexStringLower(message[at..end])}"),
    };

    private string Texts(int end)
    {
        var texts = new List<string>();
        while (at < end) texts.Add($"\"{Escaped(Bytes(Bytes(1)[0]), '"')}\"");
        return string.Join(' ', texts);
    }

    private static EdnsInfo Edns(ushort size, uint ttl, ReadOnlySpan<byte> options)
    {
        string? explanation = null;
        for (var reader = new MessageReader(options); !reader.AtEnd;)
        {
            var (option, length) = (reader.Short(), reader.Short());
            var data = reader.Bytes(length);
            if (option == ReplyWriter.ExtendedErrorOption && length >= 2) explanation ??= Encoding.UTF8.GetString(data[2..]);
        }
        return new(size, (int)(ttl >> 16 & 0xFF), (int)(ttl >> 24), (ttl & Wire.DnssecOk) != 0, explanation);
    }

    /// <summary>Each pointer must lead further to the front than the last, so this ends whatever the bytes.</summary>
    private string Name()
    {
        var text = new StringBuilder();
        var resume = -1;
        for (var front = at; ;)
        {
            var length = Bytes(1)[0];
            if (length == 0) break;
            if (length > Wire.MaxLabel)
            {
                var to = (length & 0x3F) << 8 | Bytes(1)[0];
                if (length < 0xC0 || to >= front) throw new FormatException("a compression pointer that does not lead to the front");
                if (resume < 0) resume = at;
                front = at = to;
                continue;
            }
            text.Append(Escaped(Bytes(length), '.')).Append('.');
            if (text.Length > 4 * Wire.MaxName) throw new FormatException("a name longer than 255 bytes"); // at most four characters per byte
        }
        if (resume >= 0) at = resume;
        return text.Length == 0 ? "." : text.ToString();
    }

    private static string Escaped(ReadOnlySpan<byte> bytes, char special)
    {
        var text = new StringBuilder();
        foreach (var b in bytes)
        {
            if (b == special || b == '\\') text.Append('\\').Append((char)b);
            else if (b is <= 32 or >= 127) text.Append(CultureInfo.InvariantCulture, $"\\{b:D3}");
            else text.Append((char)b);
        }
        return text.ToString();
    }

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (message.Length - at < count) throw new FormatException("the message ends too early");
        at += count;
        return message.Slice(at - count, count);
    }
}
