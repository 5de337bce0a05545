using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net.Sockets;

namespace PrivateLinkCloud.Dns;

/// <summary>
/// A VPC's resolver, as a function: message in, decision out. No sockets, no clock, no chance, no state.
/// <code>
///   1 readable query? ── no ──► Drop, or FORMERR / NOTIMP / BADVERS / REFUSED
///   2 name stored?    ── yes ─► A: the doors that pass, rotated; other types: NODATA
///   3 hosted zone?    ── yes ─► NODATA if names lie below, else NXDOMAIN
///   4 not ours        ────────► Forward
/// </code>
/// </summary>
public static class Resolver
{
    /// <summary>How long a client may remember that a name has no record of a type. That changes only with a new kind of endpoint.</summary>
    private const uint SettledTtlSeconds = 60;

    /// <summary>How long a client may remember what can change any moment: that no door passes, or that a name is not there (yet).</summary>
    private const uint FleetingTtlSeconds = 5;

    private const string NoDoorPassesExplanation = "no door of this name passes its probe at this moment";

    /// <summary>Decides about one received message. Never throws, whatever the bytes.</summary>
    /// <param name="query">One DNS message as received, without TCP's length.</param>
    /// <param name="passing">Does the door with this key pass the resolver's own probe? Asked at most once per door.</param>
    /// <param name="rotation">Rotates the answer order. Advance it per name and only for A answers: a counter that every query advances
    /// stands still for clients that always ask A and AAAA together. <see cref="AnswerRotation"/> does it right.</param>
    public static Resolution Resolve(ReadOnlySpan<byte> query, Transport transport, ResolverView view, Func<string, bool> passing, uint rotation) =>
        Resolve(query, transport, view, passing, _ => rotation);

    /// <param name="nextTurn">Called once per A answer that has more than one address; see <see cref="AnswerRotation.Next"/>.</param>
    /// <inheritdoc cref="Resolve(ReadOnlySpan{byte}, Transport, ResolverView, Func{string, bool}, uint)"/>
    public static Resolution Resolve(ReadOnlySpan<byte> query, Transport transport, ResolverView view, Func<string, bool> passing, Func<ViewName, uint> nextTurn)
    {
        var read = Query.Read(query);
        if (read.State == QueryState.NotAQuery) return Resolution.Drop.Instance; // 1
        if (Refusal(read) is { } refusal) return Error(read, refusal.Code, refusal.Outcome);

        var key = WireName.Key(read.Name);
        var limit = read.ReplyLimit(transport);
        var name = view.Names.GetValueOrDefault(key);
        var wantsAddresses = name is not null && read.Type is (RecordType.A or RecordType.Any); // ANY gets one conventional type (RFC 8482 §4.1)
        if (name is not null && wantsAddresses && Addresses(read, limit, name, passing, nextTurn) is { } answer) return answer; // 2

        var zoneStart = view.HostedZoneStart(key);
        if (name is null && zoneStart < 0) return Resolution.Forward.Instance; // 4
        var outcome = wantsAddresses ? Outcome.NoDoorPasses
            : name is null && zoneStart > 0 && !view.HasNamesBelow(key) ? Outcome.NoSuchName
            : Outcome.NoSuchType;
        return WithoutAddresses(read, limit, Math.Max(zoneStart, 0), outcome); // 3
    }

    /// <summary>
    /// The reply to a query that could not be forwarded: no upstream configured (REFUSED), or it timed out (SERVFAIL). Empty if
    /// <paramref name="query"/> is none and so gets no reply.
    /// </summary>
    /// <param name="explanation">Optional sentence for the client's user, ASCII, at most 100 characters, sent as an extended DNS error.</param>
    public static byte[] Fail(ReadOnlySpan<byte> query, ResponseCode code, string? explanation = null)
    {
        var read = Query.Read(query);
        if (read.State == QueryState.NotAQuery) return [];
        return ReplyWriter.Write(read, new ReplyContent { Code = code, SoaStart = -1, Explanation = explanation }, Wire.MinUdp);
    }

    /// <summary>Class CH and the like are refused as BIND does for classes it has no data in; a transfer is not a resolver's to give.</summary>
    private static (ResponseCode Code, Outcome Outcome)? Refusal(in Query query) => query switch
    {
        { State: QueryState.OtherOpcode } => (ResponseCode.NotImplemented, Outcome.NotImplemented),
        { State: QueryState.Malformed } => (ResponseCode.FormatError, Outcome.Malformed),
        { State: QueryState.BadVersion } => (ResponseCode.BadVersion, Outcome.BadVersion),
        { Class: not Wire.ClassInternet } or { Type: RecordType.Axfr or RecordType.Ixfr } => (ResponseCode.Refused, Outcome.Refused),
        _ => null,
    };

    /// <summary>The doors that pass, the next one in turn first; null if there is none.</summary>
    private static Resolution.Reply? Addresses(in Query query, int limit, ViewName name, Func<string, bool> passing, Func<ViewName, uint> nextTurn)
    {
        var doors = name.Doors;
        Span<uint> addresses = doors.Length <= 16 ? stackalloc uint[16] : new uint[doors.Length];
        addresses = addresses[..Passing(doors, passing, addresses)];
        if (addresses.IsEmpty) return null;
        if (addresses.Length > 1) Rotate(addresses, nextTurn(name));
        var content = new ReplyContent { Authoritative = true, Addresses = addresses, TtlSeconds = (uint)Math.Max(name.TtlSeconds, 0), SoaStart = -1 };
        return new(ReplyWriter.Write(query, content, limit)) { Outcome = Outcome.Answered };
    }

    private static int Passing(ImmutableArray<ViewDoor> doors, Func<string, bool> passing, Span<uint> addresses)
    {
        var count = 0;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var door in doors)
        {
            if (door.Address.AddressFamily != AddressFamily.InterNetwork || !passing(door.Key)) continue;
            door.Address.TryWriteBytes(bytes, out _);
            addresses[count++] = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        }
        return count;
    }

    /// <summary>To the left by <paramref name="turn"/>, in place, by three reversals.</summary>
    private static void Rotate(Span<uint> addresses, uint turn)
    {
        var first = (int)(turn % (uint)addresses.Length);
        addresses[..first].Reverse();
        addresses[first..].Reverse();
        addresses.Reverse();
    }

    /// <summary>NODATA or NXDOMAIN with the hosted zone's SOA as proof; the SOA itself where it is asked for at the zone's top: tools find the top that way.</summary>
    private static Resolution.Reply WithoutAddresses(in Query query, int limit, int zoneStart, Outcome outcome)
    {
        var soaAsked = outcome == Outcome.NoSuchType && query.Type == RecordType.Soa && zoneStart == 0;
        var content = new ReplyContent
        {
            Code = outcome == Outcome.NoSuchName ? ResponseCode.NameError : ResponseCode.NoError,
            Authoritative = true,
            SoaStart = zoneStart,
            SoaIsAnswer = soaAsked,
            TtlSeconds = outcome == Outcome.NoSuchType ? SettledTtlSeconds : FleetingTtlSeconds,
            Explanation = outcome == Outcome.NoDoorPasses ? NoDoorPassesExplanation : null,
        };
        return new(ReplyWriter.Write(query, content, limit)) { Outcome = soaAsked ? Outcome.Answered : outcome };
    }

    private static Resolution.Reply Error(in Query query, ResponseCode code, Outcome outcome) =>
        new Resolution.Reply(ReplyWriter.Write(query, new ReplyContent { Code = code, SoaStart = -1 }, Wire.MinUdp)) { Outcome = outcome };
}
