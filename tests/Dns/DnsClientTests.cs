using System.Net;
using DnsClient;
using DnsClient.Protocol;
using DnsClient.Protocol.Options;

namespace PrivateLinkCloud.Dns.Tests;

/// <summary>The same answers, read by a client that shares no code with us.</summary>
public sealed class DnsClientTests : IAsyncLifetime
{
    private readonly LoopbackResolver resolver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => resolver.DisposeAsync();

    [Fact]
    public async Task It_reads_addresses_which_alternate()
    {
        var client = Client();
        var first = await Ask(client, Vpc.Regional, QueryType.A);
        var second = await Ask(client, Vpc.Regional, QueryType.A);
        Assert.Equal([IPAddress.Parse("10.0.1.10"), IPAddress.Parse("10.0.2.10")], first.Answers.ARecords().Select(record => record.Address));
        Assert.Equal([IPAddress.Parse("10.0.2.10"), IPAddress.Parse("10.0.1.10")], second.Answers.ARecords().Select(record => record.Address));
        Assert.All(first.Answers, record => Assert.Equal(60, record.InitialTimeToLive));
        Assert.True(first.Header is { HasAuthorityAnswer: true, RecursionAvailable: true, IsAuthenticData: false, ResultTruncated: false });
    }

    [Fact]
    public async Task It_reads_nodata_and_nxdomain_with_their_soa()
    {
        var noData = await Ask(Client(), Vpc.Private, QueryType.AAAA);
        Assert.False(noData.HasError);
        Assert.Empty(noData.Answers);
        AssertSoa(noData, "db.example.org.", 60);

        var noName = await Ask(Client(), "nobody.vpce.example.net", QueryType.A);
        Assert.Equal(DnsHeaderResponseCode.NotExistentDomain, noName.Header.ResponseCode);
        AssertSoa(noName, "vpce.example.net.", 5);
    }

    [Fact]
    public async Task It_reads_our_edns()
    {
        var reply = await Ask(Client(bufferSize: 1232), Vpc.Zonal, QueryType.A);
        Assert.Equal(1232, Assert.Single(reply.Additionals.OfType<OptRecord>()).UdpSize);
    }

    [Fact]
    public async Task It_comes_back_over_tcp_when_the_answer_is_cut()
    {
        var reply = await Ask(Client(bufferSize: 1232), Vpc.Crowded, QueryType.A);
        Assert.Equal(100, reply.Answers.ARecords().Select(record => record.Address).Distinct().Count());
        Assert.Equal(1, resolver.OverTcp);

        var udpOnly = Client(bufferSize: 1232, tcpFallback: false);
        var refusal = await Assert.ThrowsAsync<DnsResponseException>(() => Ask(udpOnly, Vpc.Crowded, QueryType.A));
        Assert.Contains("truncated", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_reads_the_refusal_of_a_name_that_is_not_ours() =>
        Assert.Equal(DnsHeaderResponseCode.Refused, (await Ask(Client(), "www.example.com", QueryType.A)).Header.ResponseCode);

    private LookupClient Client(int bufferSize = 4096, bool tcpFallback = true) => new(new LookupClientOptions(resolver.Address)
    {
        UseCache = false, Retries = 0, Timeout = TimeSpan.FromSeconds(20), ExtendedDnsBufferSize = bufferSize, UseTcpFallback = tcpFallback, ContinueOnDnsError = false,
    });

    private static Task<IDnsQueryResponse> Ask(LookupClient client, string name, QueryType type) =>
        client.QueryAsync(name, type, cancellationToken: TestContext.Current.CancellationToken);

    private static void AssertSoa(IDnsQueryResponse reply, string zone, int negativeTtl)
    {
        var soa = Assert.Single(reply.Authorities.OfType<SoaRecord>());
        Assert.Equal((zone, "nobody.invalid.", (uint)negativeTtl, negativeTtl), (soa.DomainName.Value, soa.RName.Value, soa.Minimum, soa.InitialTimeToLive));
    }
}
