namespace PrivateLinkCloud.Dns;

/// <summary>
/// A DNS message read into text, for whoever asked: tests, tools, the lab. The resolver itself never uses it.
/// Records print as in a zone file: <c>example.org. 60 IN A 10.0.0.1</c>.
/// </summary>
/// <param name="Code">With the upper bits from the OPT record, if there is one.</param>
/// <param name="Question">E.g. <c>example.org. IN A</c>; empty if the message has none.</param>
/// <param name="Additional">Without the OPT record, which is <paramref name="Edns"/>.</param>
public sealed record DnsMessage(
    ushort Id, DnsFlags Flags, ResponseCode Code, string Question, IReadOnlyList<ResourceRecord> Answers,
    IReadOnlyList<ResourceRecord> Authority, IReadOnlyList<ResourceRecord> Additional, EdnsInfo? Edns)
{
    /// <exception cref="FormatException">It is malformed, or goes on after its last record.</exception>
    public static DnsMessage Parse(ReadOnlySpan<byte> message)
    {
        var reader = new MessageReader(message);
        var header = (Id: reader.Short(), Flags: reader.Short());
        var counts = (Questions: reader.Short(), Answers: reader.Short(), Authority: reader.Short(), Additional: reader.Short());
        var questions = new List<string>();
        for (var i = 0; i < counts.Questions; i++) questions.Add(reader.Question());
        EdnsInfo? edns = null;
        var answers = reader.Records(counts.Answers, ref edns);
        var authority = reader.Records(counts.Authority, ref edns);
        var additional = reader.Records(counts.Additional, ref edns);
        if (!reader.AtEnd) throw new FormatException("bytes after the last record");
        var code = (ResponseCode)((header.Flags & 0xF) | (edns?.UpperCode ?? 0) << 4);
        return new(header.Id, (DnsFlags)(header.Flags & ~0xF), code, string.Join("; ", questions), answers, authority, additional, edns);
    }
}

/// <summary>The header's bits, at their place on the wire.</summary>
[Flags]
public enum DnsFlags
{
    None = 0,
    Response = Wire.Response,
    Authoritative = Wire.Authoritative,
    Truncated = Wire.Truncated,
    RecursionDesired = Wire.RecursionDesired,
    RecursionAvailable = Wire.RecursionAvailable,
    AuthenticData = Wire.AuthenticData,
    CheckingDisabled = Wire.CheckingDisabled,
}

/// <param name="Data">As in a zone file; a type unknown here as in RFC 3597: <c>\# 2 abcd</c>.</param>
public sealed record ResourceRecord(string Name, uint TtlSeconds, RecordType Type, string Data)
{
    public override string ToString() => $"{Name} {TtlSeconds} IN {RecordTypes.Text(Type)} {Data}";
}

/// <param name="UdpSize">The largest UDP message the sender takes, bytes.</param>
/// <param name="Explanation">Text of the first extended DNS error (RFC 8914), if any.</param>
public sealed record EdnsInfo(int UdpSize, int Version, int UpperCode, bool DnssecOk, string? Explanation);

internal static class RecordTypes
{
    public static string Text(RecordType type) => Enum.IsDefined(type) ? type.ToString().ToUpperInvariant() : $"TYPE{(int)type}";
}
