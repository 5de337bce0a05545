using System.Collections.Immutable;
using System.Net;
using PrivateLinkCloud.Dns;

namespace PrivateLinkCloud.Dns.Tests;

/// <summary>The VPC most tests ask in: one endpoint over two zones, a private name for it, and one name with more doors than UDP can carry.</summary>
internal static class Vpc
{
    public const string Domain = "vpce.example.net";
    public const string Regional = "vpce-1-abc.svc-1.eu-west-1.vpce.example.net";
    public const string Zonal = "vpce-1-abc-eu-west-1a.svc-1.eu-west-1.vpce.example.net";
    public const string Private = "db.example.org";
    public const string Crowded = "crowded.svc-2.eu-west-1.vpce.example.net";

    public static ResolverView View { get; } = new(
        new[]
        {
            Name(Regional, overlay: false, 60, Door("a", "10.0.1.10"), Door("b", "10.0.2.10")),
            Name(Zonal, overlay: false, 60, Door("a", "10.0.1.10")),
            Name(Private, overlay: true, 60, Door("a", "10.0.1.10"), Door("b", "10.0.2.10")),
            Name(Crowded, overlay: false, 60, [.. Enumerable.Range(1, 100).Select(i => Door($"c{i}", $"10.9.0.{i}"))]),
        }.ToImmutableDictionary(name => name.Name),
        Domain);

    public static ViewName Name(string name, bool overlay, int ttlSeconds, params ViewDoor[] doors) => new(name, [.. doors], ttlSeconds, overlay);

    public static ViewDoor Door(string key, string address) => new(key, IPAddress.Parse(address));

    public static Resolution Resolve(ReadOnlySpan<byte> query, Transport transport = Transport.Udp, Func<string, bool>? passing = null, uint rotation = 0, ResolverView? view = null) =>
        Resolver.Resolve(query, transport, view ?? View, passing ?? (_ => true), rotation);

    /// <summary>Asks and reads the reply; fails if there is none.</summary>
    public static DnsMessage Ask(string name, RecordType type = RecordType.A, Transport transport = Transport.Udp, int? ednsSize = null, Func<string, bool>? passing = null, uint rotation = 0, ResolverView? view = null) =>
        Reply(Resolve(QueryWriter.Write(7, name, type, ednsSize), transport, passing, rotation, view));

    public static DnsMessage Reply(Resolution resolution) => DnsMessage.Parse(Assert.IsType<Resolution.Reply>(resolution).Message);

    public static string[] Text(IEnumerable<ResourceRecord> records) => [.. records.Select(record => record.ToString())];
}
