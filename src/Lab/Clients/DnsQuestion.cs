using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PrivateLinkCloud.Lab.Clients;

/// <summary>Asks one resolver for a name's IPv4 addresses over UDP. The system's resolver is no use for timing: it caches and waits
/// whole seconds before it asks again.</summary>
public sealed class DnsQuestion : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _answer = new byte[4096];
    private ushort _id;

    /// <param name="patience">How long one answer may take.</param>
    public DnsQuestion(IPEndPoint resolver, TimeSpan patience)
    {
        _socket.Connect(resolver);
        _socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
    }

    /// <summary>The answer's addresses; none when the name does not exist (yet), the resolver is not there (yet) or the answer was lost.</summary>
    public IReadOnlyList<IPAddress> Ask(string name)
    {
        var question = Encode(++_id, name);
        try
        {
            _socket.Send(question);
            while (true)
            {
                var length = _socket.Receive(_answer);
                if (length >= 12 && BinaryPrimitives.ReadUInt16BigEndian(_answer) == _id) return Decode(_answer.AsSpan(0, length), question.Length);
            }
        }
        catch (SocketException)
        {
            return []; // timed out, or nothing is bound to the port yet
        }
    }

    public void Dispose() => _socket.Dispose();

    private static byte[] Encode(ushort id, string name)
    {
        var message = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }
        message.AddRange([0, 0, 1, 0, 1]);
        return [.. message];
    }

    /// <summary>Our resolver repeats the question as it was asked, so the answers begin right behind it.</summary>
    private static List<IPAddress> Decode(ReadOnlySpan<byte> message, int at)
    {
        var addresses = new List<IPAddress>();
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0 && at < message.Length; left--)
        {
            at = AfterName(message, at);
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(message[at..]), BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]));
            if (type == 1 && length == 4) addresses.Add(new IPAddress(message.Slice(at + 10, 4)));
            at += 10 + length;
        }
        return addresses;
    }

    private static int AfterName(ReadOnlySpan<byte> message, int at)
    {
        while (message[at] is not 0 and < 0xC0) at += 1 + message[at];
        return message[at] == 0 ? at + 1 : at + 2;
    }
}
