using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// The three rtnetlink requests the fabric lives on: add, delete and list the /32 addresses of one interface. A process per address
/// (<c>ip address add</c>) costs milliseconds; a message costs microseconds, and many share one round trip.
/// <code>
///   request  = nlmsghdr (16) + ifaddrmsg (8) + attribute IFA_LOCAL (4 + 4)
///   nlmsghdr = length u32, type u16, flags u16, sequence u32, port u32     (all in the host's byte order)
///   answer   = nlmsghdr type ERROR + errno i32 (0 = done) + the request's header, one per request that asked for an ACK
/// </code>
/// Belongs to the namespace of the thread that made it, whichever thread uses it later.
/// </summary>
internal sealed class RouteNetlink(string interfaceName) : IDisposable
{
    private const ushort NewAddress = 20, DeleteAddress = 21, GetAddress = 22, TypeError = 2, TypeDone = 3;
    private const ushort Request = 1, Ack = 4, Dump = 0x300, Create = 0x400, Exclusive = 0x200;
    private const ushort AttributeLocal = 2;
    private const int HeaderBytes = 16, MessageBytes = 32, Batch = 128; // a batch's answers fit the socket's default buffer many times over
    private readonly SafeFileHandle _socket = Native.RouteSocket();
    private readonly uint _interface = Native.InterfaceIndex(interfaceName);
    private uint _sequence;

    /// <summary>Adds addresses; one that is there already is fine. Returns the failures' errno.</summary>
    public IReadOnlyDictionary<IPAddress, int> Add(IEnumerable<IPAddress> addresses) =>
        Change(addresses, NewAddress, Create | Exclusive, harmless: Native.ErrorExists);

    /// <summary>Deletes addresses; one that is not there is fine. Returns the failures' errno.</summary>
    public IReadOnlyDictionary<IPAddress, int> Delete(IEnumerable<IPAddress> addresses) =>
        Change(addresses, DeleteAddress, 0, harmless: Native.ErrorNotAvailable);

    /// <summary>The IPv4 addresses of the interface.</summary>
    public IReadOnlySet<IPAddress> List()
    {
        var request = new byte[24];
        WriteHeader(request, GetAddress, Request | Dump, ++_sequence);
        request[16] = 2; // AF_INET
        Native.Send(_socket, request);
        var found = new HashSet<IPAddress>();
        var buffer = new byte[64 << 10];
        while (true)
        {
            var read = Native.Receive(_socket, buffer);
            foreach (var message in Messages(buffer.AsMemory(0, read)))
            {
                if (TypeOf(message.Span) == TypeDone) return found;
                if (TypeOf(message.Span) == TypeError) throw new Win32Exception(ErrorOf(message.Span));
                if (BitConverter.ToUInt32(message.Span[20..]) == _interface && LocalOf(message.Span[24..]) is { } address) found.Add(address);
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private Dictionary<IPAddress, int> Change(IEnumerable<IPAddress> addresses, ushort type, ushort flags, int harmless)
    {
        var failures = new Dictionary<IPAddress, int>();
        foreach (var batch in addresses.Chunk(Batch))
        {
            var first = _sequence + 1;
            var request = new byte[batch.Length * MessageBytes];
            for (var i = 0; i < batch.Length; i++) Write(request.AsSpan(i * MessageBytes, MessageBytes), type, flags, batch[i]);
            Native.Send(_socket, request);
            foreach (var (sequence, error) in Acknowledgements(batch.Length))
                if (error != 0 && error != harmless) failures[batch[sequence - first]] = error;
        }
        return failures;
    }

    private void Write(Span<byte> message, ushort type, ushort flags, IPAddress address)
    {
        WriteHeader(message, type, (ushort)(Request | Ack | flags), ++_sequence);
        message[16] = 2; // AF_INET
        message[17] = 32; // prefix length: the address alone, so that no route to a subnet appears with it
        MemoryMarshal.Write(message[20..], _interface);
        MemoryMarshal.Write(message[24..], (ushort)8); // attribute length, its own header included
        MemoryMarshal.Write(message[26..], AttributeLocal);
        address.TryWriteBytes(message[28..], out _);
    }

    private static void WriteHeader(Span<byte> message, ushort type, ushort flags, uint sequence)
    {
        MemoryMarshal.Write(message, message.Length);
        MemoryMarshal.Write(message[4..], type);
        MemoryMarshal.Write(message[6..], flags);
        MemoryMarshal.Write(message[8..], sequence);
    }

    private List<(uint Sequence, int Error)> Acknowledgements(int count)
    {
        var answers = new List<(uint, int)>(count);
        var buffer = new byte[64 << 10];
        while (answers.Count < count)
        {
            var read = Native.Receive(_socket, buffer);
            foreach (var message in Messages(buffer.AsMemory(0, read)))
                if (TypeOf(message.Span) == TypeError) answers.Add((BitConverter.ToUInt32(message.Span[8..]), ErrorOf(message.Span)));
        }
        return answers;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> datagram)
    {
        for (var rest = datagram; rest.Length >= HeaderBytes;)
        {
            var length = BitConverter.ToInt32(rest.Span);
            yield return rest[..length];
            rest = rest[Math.Min(Aligned(length), rest.Length)..];
        }
    }

    private static IPAddress? LocalOf(ReadOnlySpan<byte> attributes)
    {
        while (attributes.Length >= 8)
        {
            var length = BitConverter.ToUInt16(attributes);
            if (BitConverter.ToUInt16(attributes[2..]) == AttributeLocal) return new IPAddress(attributes[4..8]);
            attributes = attributes[Math.Min(Aligned(length), attributes.Length)..];
        }
        return null;
    }

    private static ushort TypeOf(ReadOnlySpan<byte> message) => BitConverter.ToUInt16(message[4..]);

    private static int ErrorOf(ReadOnlySpan<byte> message) => -BitConverter.ToInt32(message[HeaderBytes..]);

    private static int Aligned(int length) => (length + 3) & ~3;
}
