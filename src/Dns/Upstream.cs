using System.Buffers.Binary;

namespace PrivateLinkCloud.Dns;

/// <summary>
/// The two ends of forwarding. The caller owns sockets and time: it sends <see cref="Question"/> from a fresh source port with an id
/// nobody can guess (that is the defence against forged answers), over the transport the client used, and gives every datagram that comes back to <see cref="Fit"/>.
/// </summary>
public static class Upstream
{
    /// <summary>The client's query under another id; everything else, EDNS and RD included, stays.</summary>
    public static byte[] Question(ReadOnlySpan<byte> query, ushort id)
    {
        var question = query.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(question, id);
        return question;
    }

    /// <summary>
    /// The client's reply made from the upstream's: the client's id and the client's spelling of the name put back, and over UDP cut to what the client takes.
    /// Null if this is not the answer to that question: keep waiting, it may be a forgery or late.
    /// </summary>
    /// <param name="id">The one given to <see cref="Question"/>.</param>
    public static byte[]? Fit(ReadOnlySpan<byte> query, ushort id, ReadOnlySpan<byte> answer, Transport transport)
    {
        var read = Query.Read(query);
        if (read.State != QueryState.WellFormed || answer.Length < Wire.HeaderSize || Short(answer, 0) != id) return null;
        var flags = Short(answer, 2);
        if ((flags & (Wire.Response | Wire.OpcodeMask)) != Wire.Response) return null;
        if (IsBareError(answer)) return Resolver.Fail(query, (ResponseCode)(flags & 0xF));
        if (!AnswersQuestion(read, answer)) return null;
        var fits = answer.Length <= read.ReplyLimit(transport);
        if (!fits) return ReplyWriter.Truncated(read, flags);
        var reply = answer.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(reply, read.Id);
        read.Question.CopyTo(reply.AsSpan(Wire.HeaderSize));
        return reply;
    }

    /// <summary>Some servers send FORMERR, NOTIMP and REFUSED without the question.</summary>
    private static bool IsBareError(ReadOnlySpan<byte> answer) => answer.Length == Wire.HeaderSize && Short(answer, 4) == 0 && (Short(answer, 2) & 0xF) != 0;

    private static bool AnswersQuestion(in Query query, ReadOnlySpan<byte> answer)
    {
        var question = query.Question;
        if (Short(answer, 4) != 1 || answer.Length < Wire.HeaderSize + question.Length) return false;
        var theirs = answer.Slice(Wire.HeaderSize, question.Length);
        var name = query.Name.Length;
        return WireName.Same(theirs[..name], question[..name]) && theirs[name..].SequenceEqual(question[name..]);
    }

    private static ushort Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
}
