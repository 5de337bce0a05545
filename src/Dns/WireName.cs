using System.Text;

namespace PrivateLinkCloud.Dns;

/// <summary>Names as they are on the wire: length-prefixed labels, ended by the root's empty label (RFC 1035 §3.1).</summary>
internal static class WireName
{
    /// <summary>Stands for a dot inside a label, so that it is no separator. No stored name contains it, so such a name matches none.</summary>
    private const char DotInLabel = '\uFFFF';

    /// <summary>
    /// Where the bytes after the name at <paramref name="at"/> begin; -1 if it is malformed or leaves the message. A pointer ends a
    /// name and is never followed here, so there is nothing that could loop.
    /// </summary>
    public static int End(ReadOnlySpan<byte> message, int at, bool pointers)
    {
        for (var start = at; at < message.Length;)
        {
            var length = message[at];
            if (length == 0) return at + 1 - start > Wire.MaxName ? -1 : at + 1;
            if (length >= 0xC0) return pointers && at + 2 <= message.Length ? at + 2 : -1;
            if (length > Wire.MaxLabel) return -1; // the extended label types of RFC 2673: never came into use
            at += 1 + length;
        }
        return -1;
    }

    /// <summary>
    /// A whole uncompressed name as a look-up key: lower case (ASCII only, RFC 4343), no trailing dot. The character at index i is wire
    /// byte i + 1, so a suffix that begins at index i begins at wire byte i: that is how replies point into the question.
    /// </summary>
    public static string Key(ReadOnlySpan<byte> name)
    {
        if (name[0] == 0) return "";
        Span<char> key = stackalloc char[Wire.MaxName];
        for (var at = 0; name[at] != 0; at += 1 + name[at])
        {
            if (at > 0) key[at - 1] = '.';
            for (var i = at + 1; i <= at + name[at]; i++) key[i - 1] = KeyLetter(name[i]);
        }
        return new string(key[..(name.Length - 2)]);
    }

    private static char KeyLetter(byte letter) => letter switch
    {
        (byte)'.' => DotInLabel,
        >= (byte)'A' and <= (byte)'Z' => (char)(letter | 0x20),
        _ => (char)letter,
    };

    /// <summary>Equal but for the case of ASCII letters; both whole and uncompressed. Length bytes are below 64, so they are no letters.</summary>
    public static bool Same(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length) return false;
        for (var i = 0; i < left.Length; i++)
            if (KeyLetter(left[i]) != KeyLetter(right[i])) return false;
        return true;
    }

    /// <summary>Writes a name without escapes (<c>a.example.org</c>, with or without trailing dot); the number of bytes written.</summary>
    /// <exception cref="ArgumentException">An empty label, a label over 63 or a name over 255 bytes.</exception>
    public static int Write(string name, Span<byte> to)
    {
        var at = 0;
        foreach (var label in name.TrimEnd('.').Split('.', StringSplitOptions.None))
        {
            if (name is "" or ".") break;
            if (label.Length is 0 or > Wire.MaxLabel || at + label.Length + 2 > Wire.MaxName) throw new ArgumentException($"'{name}' is no DNS name", nameof(name));
            to[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, to[at..]);
        }
        to[at++] = 0;
        return at;
    }
}
