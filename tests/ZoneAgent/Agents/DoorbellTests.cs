using MassTransit;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>Doorbells over a real RabbitMQ, with a slow timer so slow that nothing else can bring the news.</summary>
[Collection("host")]
public sealed class DoorbellTests : IAsyncLifetime
{
    private static readonly string s_broker = Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ") ?? "";
    private readonly List<AgentProcess> _agents = [];
    private HostFixture _host = null!;
    private TinyControlPlane _control = null!;
    private IBusControl _bus = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(s_broker.Length == 0, "PLC_TEST_RABBITMQ names no broker (tests/run.sh starts one)");
        _host = new HostFixture();
        _control = await TinyControlPlane.StartAsync();
        _bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(new Uri(s_broker));
            rabbit.Publish<ZoneDoorbell>(topology =>
            {
                topology.ExchangeType = DoorbellTopology.ExchangeType;
                topology.Durable = DoorbellTopology.Durable;
                topology.AutoDelete = DoorbellTopology.AutoDelete;
            });
        });
        await _bus.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents) agent.Dispose();
        if (_bus is not null) await _bus.StopAsync(CancellationToken.None);
        if (_control is not null) await _control.DisposeAsync();
        _host?.Dispose();
    }

    private AgentProcess Start(string broker, params string[] more)
    {
        var uri = new Uri(broker);
        var user = uri.UserInfo.Split(':');
        var agent = AgentProcess.Start(_host, [
            "--Agent:AgentId", "agent-1", "--Agent:ZoneId", Zone, "--Agent:StateDirectory", _host.PathOf("state"), "--Agent:SlowPollSeconds", "3600",
            "--Agent:ControlPlane", _control.Url.ToString(), "--Agent:Broker:Host", uri.Host, "--Agent:Broker:Port", $"{uri.Port}",
            "--Agent:Broker:Username", user[0], "--Agent:Broker:Password", Uri.UnescapeDataString(user[1]), .. more]);
        _agents.Add(agent);
        return agent;
    }

    private Task RingAsync(long revision, string zone = Zone) => _bus.Publish(
        new ZoneDoorbell { ZoneId = zone, Epoch = "e1", Revision = revision }, context => context.SetRoutingKey(zone), TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_doorbell_of_its_zone_makes_the_agent_fetch_and_one_of_another_zone_does_not()
    {
        _control.Publish(Whole(Small()));
        Start(s_broker);
        await _control.Reported(1);
        _control.Publish(Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        // The bus of the agent connects when it can: the first rings may come before its queue exists, and are lost by design.
        await Eventually.True(async () =>
        {
            await RingAsync(2);
            return _control.Reports.Any(r => r.Revision == 2);
        }, "a report of revision 2");

        var asked = _control.Asked.Count;
        _control.Publish(Changes(3, [Door("c", "vpc-a", "10.0.1.12")]));
        await RingAsync(3, OtherZone);
        await RingAsync(2);
        await RingAsync(3); // the rings before it come first: had they been heeded, there were more fetches
        await _control.Reported(3);
        Assert.Equal(asked + 1, _control.Asked.Count);
    }

    [Fact]
    public async Task A_broker_that_is_away_hinders_nothing()
    {
        _control.Publish(Whole(Small()));
        var agent = Start("amqp://nobody:nothing@127.0.0.1:9");
        await _control.Reported(1);
        agent.Signal("TERM");
        Assert.Equal(0, await agent.Exit());
    }
}
