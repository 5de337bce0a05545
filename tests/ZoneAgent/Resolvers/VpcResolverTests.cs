using System.Collections.Immutable;
using System.Net;
using PrivateLinkCloud.DataPlane.Tests;
using PrivateLinkCloud.Dns;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Resolvers;
using PrivateLinkCloud.ZoneAgent.Tests.Agents;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Resolvers;

/// <summary>One resolver in a network of its own, with a clock that stands still.</summary>
[Collection("host")]
public sealed class VpcResolverTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("10.0.0.2");
    private readonly HostFixture _host = new();
    private readonly ManualTime _time = new();

    public VpcResolverTests()
    {
        _host.Agent("a1").MakeNetworks([new NetworkWish("vpc-a", Address)]);
        _host.Agent("a1").AddAddresses([new Place("vpc-a", Address)]);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task What_the_upstream_takes_is_not_counted_as_a_TCP_clients_silence()
    {
        var gate = new TaskCompletionSource();
        using var upstream = new LoopbackUpstream("93.184.216.34") { Gate = gate.Task };
        var settings = new ResolverSettings { EndpointDomain = "vpce.plc.internal", Upstreams = [upstream.EndPoint], UpstreamTimeout = TimeSpan.FromMinutes(1) };
        using var forwarder = new UpstreamForwarder(settings, _time);
        using var resolver = new VpcResolver(
            _host.Networks, "vpc-a", Address, new ResolverView(ImmutableDictionary<string, ViewName>.Empty, settings.EndpointDomain), settings, _ => true, forwarder, _time);

        var asking = DnsQuestion.AskAsync(_host, "vpc-a", "www.example.org", tcp: true);
        await Eventually.True(() => upstream.Asked.Count == 1, "the upstream is asked");
        _time.Advance(settings.TcpIdle + TimeSpan.FromSeconds(1));
        gate.SetResult();

        Assert.Equal(["93.184.216.34"], (await asking).Addresses);
    }
}
