namespace PrivateLinkCloud.Dns;

/// <summary>What to do with a received message: exactly one of <see cref="Reply"/>, <see cref="Forward"/>, <see cref="Drop"/>.</summary>
public abstract record Resolution
{
    private Resolution() { }

    /// <param name="Message">The whole reply, without the two length bytes that TCP puts in front.</param>
    public sealed record Reply(byte[] Message) : Resolution
    {
        /// <summary>Why the reply says what it says: for counters and logs, not on the wire.</summary>
        public required Outcome Outcome { get; init; }
    }

    /// <summary>Well formed, and the name is not ours: ask the upstream (<see cref="Upstream"/>), or <see cref="Resolver.Fail"/> it.</summary>
    public sealed record Forward : Resolution
    {
        public static Forward Instance { get; } = new();
    }

    /// <summary>Not a query, or too short to answer. Silence: answering a response is how two servers end up talking for ever.</summary>
    public sealed record Drop : Resolution
    {
        public static Drop Instance { get; } = new();
    }
}

/// <summary>How a query that we answered ourselves ended.</summary>
public enum Outcome
{
    /// <summary>At least one address, or the SOA that was asked for.</summary>
    Answered,

    /// <summary>The name exists, the type does not (NODATA).</summary>
    NoSuchType,

    /// <summary>The name exists, and none of its doors passes the resolver's probe at this moment (NODATA, negative TTL short).</summary>
    NoDoorPasses,

    /// <summary>NXDOMAIN in this VPC, whatever another VPC has under that name.</summary>
    NoSuchName,

    /// <summary>FORMERR.</summary>
    Malformed,

    /// <summary>NOTIMP: an opcode other than QUERY.</summary>
    NotImplemented,

    /// <summary>BADVERS: EDNS above version 0.</summary>
    BadVersion,

    /// <summary>REFUSED: a class other than IN, or a zone transfer.</summary>
    Refused,
}
