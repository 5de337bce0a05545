namespace PrivateLinkCloud.Dns;

/// <summary>How the query came, which decides how long the reply may be.</summary>
public enum Transport { Udp, Tcp }

/// <summary>RCODEs (RFC 6895 §2.3). Above 15 they need EDNS: the upper eight bits travel in the OPT record.</summary>
public enum ResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
    BadVersion = 16,
}

/// <summary>The record types this library reads or writes by name; any other value is carried as a number.</summary>
public enum RecordType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Https = 65,
    Ixfr = 251,
    Axfr = 252,
    Any = 255,
}

/// <summary>Sizes and bits of the wire (RFC 1035 §4.1, RFC 6891).</summary>
internal static class Wire
{
    public const int HeaderSize = 12;
    public const int MaxName = 255;
    public const int MaxLabel = 63;
    public const int MaxTcp = ushort.MaxValue;
    public const ushort ClassInternet = 1;

    /// <summary>What every client can take over UDP without EDNS.</summary>
    public const int MinUdp = 512;

    /// <summary>The most we send over UDP and say we take, bytes: fits the smallest IPv6 MTU unfragmented (DNS flag day 2020, RFC 9715).</summary>
    public const int MaxUdp = 1232;

    public const ushort Response = 0x8000;
    public const ushort OpcodeMask = 0x7800;
    public const ushort Authoritative = 0x0400;
    public const ushort Truncated = 0x0200;
    public const ushort RecursionDesired = 0x0100;
    public const ushort RecursionAvailable = 0x0080;
    public const ushort AuthenticData = 0x0020;
    public const ushort CheckingDisabled = 0x0010;
    public const ushort DnssecOk = 0x8000;
    public const ushort Pointer = 0xC000;
}
