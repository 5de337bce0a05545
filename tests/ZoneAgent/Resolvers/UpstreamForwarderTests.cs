using PrivateLinkCloud.Dns;
using PrivateLinkCloud.ZoneAgent.Resolvers;
using PrivateLinkCloud.ZoneAgent.Tests.Agents;

namespace PrivateLinkCloud.ZoneAgent.Tests.Resolvers;

public sealed class UpstreamForwarderTests
{
    /// <summary>Whoever can guess both can answer in the upstream's name. Two alike by chance happen among forty, many do not.</summary>
    [Theory]
    [InlineData(Transport.Udp)]
    [InlineData(Transport.Tcp)]
    public async Task Every_question_goes_under_another_id_from_another_port_and_comes_back_under_the_clients(Transport transport)
    {
        const int questions = 40;
        using var upstream = new LoopbackUpstream("93.184.216.34");
        using var forwarder = new UpstreamForwarder(new ResolverSettings { EndpointDomain = "vpce.plc.internal", Upstreams = [upstream.EndPoint] }, TimeProvider.System);
        for (var i = 0; i < questions; i++)
            Assert.Equal([0x12, 0x34], (await forwarder.AskAsync(DnsQuestion.Query("www.example.org"), transport, TestContext.Current.CancellationToken))[..2]);

        var ids = upstream.Asked.Select(q => (int)q.Id).ToList();
        Assert.Equal(questions, ids.Count);
        Assert.InRange(ids.Distinct().Count(), questions - 5, questions);
        Assert.InRange(ids.Zip(ids.Skip(1), (a, b) => Math.Abs(a - b)).Count(step => step > 256), questions / 2, questions); // not counted up either
        Assert.InRange(upstream.Asked.Select(q => q.Port).Distinct().Count(), questions - 5, questions);
    }
}
