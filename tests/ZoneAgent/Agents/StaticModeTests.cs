using System.Text.Json;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>The executable with <c>--plan FILE</c>: traffic and names through real namespaces, no control plane anywhere.</summary>
[Collection("host")]
public sealed class StaticModeTests : IDisposable
{
    private const string RegionalA = "vpce-a.svc.vpce.plc.internal", ZonalA = "vpce-a-z1.svc.vpce.plc.internal", ZonalFar = "vpce-a-z2.svc.vpce.plc.internal";
    private readonly HostFixture _host = new();
    private readonly List<IDisposable> _parts = [];

    public void Dispose()
    {
        foreach (var part in _parts) part.Dispose();
        _host.Dispose();
    }

    /// <summary>
    /// Two consumers with the same range and the same door address, one provider whose range is the same again; consumer a's endpoint has
    /// a door in each of two zones.
    /// </summary>
    private static List<PlanEntry> TwoConsumers() =>
    [
        Network("vpc-a"), Network("vpc-b"), Network("vpc-p"),
        Group("tg-1", "vpc-p", new PlanTarget("10.0.9.1", 8080, Zone), new PlanTarget("10.0.9.3", 8080, OtherZone)), Node("lb-1", "vpc-p", "10.0.1.20", "tg-1"),
        Group("tg-2", "vpc-p", new PlanTarget("10.0.9.2", 8080, Zone)), Node("lb-2", "vpc-p", "10.0.1.21", "tg-2"),
        Door("a", "vpc-a", "10.0.1.10", PlanKeys.Node("lb-1", Zone)), Door("b", "vpc-b", "10.0.1.10", PlanKeys.Node("lb-2", Zone)),
        Name("vpc-a", RegionalA, NameKind.Regional, "a"), Name("vpc-a", ZonalA, NameKind.Zonal, "a"),
        Name("vpc-a", "api.example.com", NameKind.Private, "a"), Name("vpc-b", "api.example.com", NameKind.Private, "b"),
    ];

    private string Write(ZonePlan plan, string file = "plan.json")
    {
        var path = _host.PathOf(file);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(plan, WireJson.Strict));
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }

    private AgentProcess Start(string plan, string agentId = "agent-1", params string[] more)
    {
        var agent = AgentProcess.Start(_host, ["--plan", plan, "--Agent:AgentId", agentId, .. more]);
        _parts.Add(agent);
        return agent;
    }

    private NamedServer Serve(string address, string name)
    {
        var server = new NamedServer(_host, "vpc-p", address, 8080, name);
        _parts.Add(server);
        return server;
    }

    private async Task<AgentProcess> UpAsync(List<PlanEntry> entries, params string[] more)
    {
        var agent = Start(Write(Whole(entries)), "agent-1", more);
        await agent.Record(1101);
        foreach (var address in new[] { "10.0.9.1", "10.0.9.2", "10.0.9.3" }) _host.GiveInstance("vpc-p", address);
        return agent;
    }

    private Task AnswersAsync(string network, string expected) =>
        Eventually.True(async () => await LineClient.AskAsync(_host, network, "10.0.1.10", 80) == expected, $"'{expected}' through the door of {network}");

    private Task ResolvesAsync(string network, string name, params string[] addresses) =>
        Eventually.True(async () => (await DnsQuestion.AskAsync(_host, network, name)).Addresses.Order().SequenceEqual(addresses), $"{name} is [{string.Join(' ', addresses)}] in {network}");

    [Fact]
    public async Task Two_consumers_with_one_range_and_one_door_address_reach_different_targets()
    {
        var agent = await UpAsync(TwoConsumers());
        Serve("10.0.9.1", "one");
        Serve("10.0.9.2", "two");
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        await AnswersAsync("vpc-b", "two hello from 10.0.1.21");

        Assert.Equal(1, (await agent.Record(1008, s => s.GetProperty("EndpointId").GetString() == "vpce-a")).GetProperty("State").GetProperty("Revision").GetInt64());
        var first = await agent.Record(1009, s => s.GetProperty("EndpointId").GetString() == "vpce-b");
        Assert.Equal("10.0.9.2:8080", first.GetProperty("State").GetProperty("Target").GetString());
        await agent.Record(1019, s => s.GetProperty("EndpointId").GetString() == "vpce-a");
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", first.GetProperty("Timestamp").GetString());
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        Assert.Single(agent.Records(1009), r => r.GetProperty("State").GetProperty("EndpointId").GetString() == "vpce-a");
    }

    [Fact]
    public async Task Names_are_answered_over_UDP_and_TCP_and_only_in_their_own_VPC()
    {
        await UpAsync(TwoConsumers());
        Serve("10.0.9.1", "one");
        foreach (var name in new[] { RegionalA, ZonalA, "api.example.com" }) await ResolvesAsync("vpc-a", name, "10.0.1.10");
        Assert.Equal(["10.0.1.10"], (await DnsQuestion.AskAsync(_host, "vpc-a", RegionalA, tcp: true)).Addresses);
        Assert.Equal(3, (await DnsQuestion.AskAsync(_host, "vpc-b", RegionalA)).Code); // exists next door, not here
        Assert.Equal(5, (await DnsQuestion.AskAsync(_host, "vpc-a", "www.example.org")).Code); // no upstream
        Assert.Equal(1, (await DnsQuestion.OverUdp(_host, "vpc-a", "10.0.0.2", [1, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 99]))[3] & 0xF); // FORMERR
    }

    [Fact]
    public async Task The_log_adds_up_to_what_flowed_per_endpoint()
    {
        var agent = await UpAsync(TwoConsumers(), "--Agent:ReportSeconds", "0.1");
        Serve("10.0.9.1", "one");
        long Sum(string what) => agent.Records(1114).Select(r => r.GetProperty("State")).Where(s => s.GetProperty("EndpointId").GetString() == "vpce-a").Sum(s => s.GetProperty(what).GetInt64());
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20"); // it may take several flows until one gets through
        using (var flow = await LineClient.ConnectAsync(_host, "vpc-a", "10.0.1.10", 80))
        {
            await flow.SayAsync("hello");
            await Eventually.True(() => Sum("Started") - Sum("Ended") == 1 && Sum("ToTarget") >= 12, "the open flow and its bytes");
            Assert.Equal(1, agent.Records(1114)[^1].GetProperty("State").GetProperty("Open").GetInt64());
        }
        await Eventually.True(() => Sum("Started") == Sum("Ended"), "its end");
        Assert.Contains(agent.Records(1114), r => r.GetProperty("State").GetProperty("Ends").GetString()!.Contains("ConsumerClosed=1"));
        Assert.Equal(2 * "hello\n".Length, Sum("ToTarget"));
        Assert.Equal(2 * "one hello from 10.0.1.20\n".Length, Sum("ToConsumer"));
        Assert.All(agent.Records(1114), r => Assert.Equal("vpce-a", r.GetProperty("State").GetProperty("EndpointId").GetString()));
    }

    [Fact]
    public async Task Endpoint_names_of_other_VPCs_are_answered_where_they_are_not_hidden_and_private_ones_never()
    {
        await UpAsync(TwoConsumers(), "--Agent:Dns:HideOutsideVpc", "false");
        Serve("10.0.9.1", "one");
        foreach (var name in new[] { RegionalA, ZonalA }) await ResolvesAsync("vpc-p", name, "10.0.1.10");
        Assert.Equal(["10.0.1.10"], (await DnsQuestion.AskAsync(_host, "vpc-b", RegionalA, tcp: true)).Addresses);
        Assert.Equal(5, (await DnsQuestion.AskAsync(_host, "vpc-p", "api.example.com")).Code); // not ours there, and no upstream
        Assert.Equal(3, (await DnsQuestion.AskAsync(_host, "vpc-p", "nobody.svc.vpce.plc.internal")).Code);

        Write(Whole([.. TwoConsumers().Where(e => e is not NameEntry { Name: RegionalA })], 2));
        await Eventually.True(async () => (await DnsQuestion.AskAsync(_host, "vpc-p", RegionalA)).Code == 3, "the withdrawn name is gone everywhere");
        await ResolvesAsync("vpc-p", ZonalA, "10.0.1.10");
    }

    [Fact]
    public async Task Other_names_are_asked_of_the_upstream()
    {
        // The upstream is another VPC's resolver, reached at a loopback address of the agent's own network: here, a tiny server of the test.
        using var upstream = new LoopbackUpstream("93.184.216.34");
        var agent = Start(Write(Whole(TwoConsumers())), "agent-1", "--Agent:UpstreamResolvers", $"127.0.0.1:{upstream.DeadPort},127.0.0.1:{upstream.Port}", "--Agent:Dns:UpstreamTimeoutSeconds", "0.3");
        await agent.Record(1101);
        Assert.Equal(["93.184.216.34"], (await DnsQuestion.AskAsync(_host, "vpc-a", "www.example.org")).Addresses);
        Assert.Equal(["93.184.216.34"], (await DnsQuestion.AskAsync(_host, "vpc-a", "www.example.org", tcp: true)).Addresses);
    }

    /// <summary>What the library decides must also be what the socket says: 60 doors are too many for a datagram of 512 bytes, not for one of 1232.</summary>
    [Fact]
    public async Task Answers_rotate_and_are_cut_to_what_the_client_takes()
    {
        var enis = Enumerable.Range(0, 60).Select(i => $"m{i}").ToArray();
        List<PlanEntry> entries = [.. TwoConsumers(), .. enis.Select((eni, i) => Door(eni, "vpc-a", $"10.0.3.{i}", PlanKeys.Node("lb-1", Zone))), Name("vpc-a", "many.example.com", NameKind.Private, enis)];
        await UpAsync(entries);
        Serve("10.0.9.1", "one");
        await Eventually.True(async () => (await DnsQuestion.AskAsync(_host, "vpc-a", "many.example.com", tcp: true)).Addresses.Count == 60, "all doors pass");

        var first = (await DnsQuestion.AskAsync(_host, "vpc-a", "many.example.com", tcp: true)).Addresses;
        var second = (await DnsQuestion.AskAsync(_host, "vpc-a", "many.example.com", tcp: true)).Addresses;
        Assert.Equal([.. first.Skip(1), first[0]], second);

        var plain = await DnsQuestion.OverUdp(_host, "vpc-a", "10.0.0.2", DnsQuestion.Query("many.example.com"));
        Assert.InRange(plain.Length, 400, 512);
        Assert.Equal(2, plain[2] & 2); // TC
        byte[] query = [.. DnsQuestion.Query("many.example.com"), 0, 0, 41, 0x04, 0xD0, 0, 0, 0, 0, 0, 0]; // OPT: takes 1232
        query[11] = 1; // one additional record
        var extended = await DnsQuestion.OverUdp(_host, "vpc-a", "10.0.0.2", query);
        Assert.InRange(extended.Length, 60 * 16, 1232);
        Assert.Equal((0, 60, 1), (extended[2] & 2, extended[7], extended[11]));
    }

    [Fact]
    public async Task A_zone_without_targets_leaves_the_name_and_returns()
    {
        await UpAsync(TwoConsumers());
        var one = Serve("10.0.9.1", "one");
        Serve("10.0.9.3", "other zone's"); // healthy, but of the other zone, and cross-zone is off: no fail-open
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10");
        one.Dispose();
        await ResolvesAsync("vpc-a", RegionalA);
        Assert.Equal(0, (await DnsQuestion.AskAsync(_host, "vpc-a", RegionalA)).Code);
        Serve("10.0.9.1", "one again");
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10");
        await AnswersAsync("vpc-a", "one again hello from 10.0.1.20");
    }

    [Fact]
    public async Task The_agents_of_two_zones_answer_with_both_doors_and_one_may_be_killed()
    {
        var near = TwoConsumers().Where(e => e.Key != PlanKeys.Name("vpc-a", RegionalA)).ToList();
        near.AddRange([Door("far", "vpc-a", "10.0.2.10", PlanKeys.Node("lb-1", OtherZone), OtherZone), Name("vpc-a", ZonalFar, NameKind.Zonal, "far"), Name("vpc-a", RegionalA, NameKind.Regional, "a", "far")]);
        var far = near.Where(e => e is not NodeEntry).Append(Node("lb-1", "vpc-p", "10.0.2.20", "tg-1", OtherZone)).ToList();
        await UpAsync(near);
        var farAgent = Start(Write(Whole(far) with { ZoneId = OtherZone }, "far.json"), "agent-2");
        await farAgent.Record(1101);
        Serve("10.0.9.1", "one");
        Serve("10.0.9.3", "three");
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10", "10.0.2.10");
        await Eventually.True(async () => await LineClient.AskAsync(_host, "vpc-a", "10.0.2.10", 80) == "three hello from 10.0.2.20", "the other zone's door");

        farAgent.Kill();
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10");
        await ResolvesAsync("vpc-a", ZonalFar);
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
    }

    [Fact]
    public async Task With_two_agents_of_a_zone_one_may_be_killed_and_one_may_lose_its_plan()
    {
        var path = Write(Whole(TwoConsumers()));
        var first = await UpAsync(TwoConsumers());
        var second = Start(Write(Whole(TwoConsumers()), "second.json"), "agent-2");
        await second.Record(1101);
        Serve("10.0.9.1", "one");
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        await second.Record(1108, s => s.GetProperty("State").GetString() == "Healthy");

        first.Kill();
        for (var i = 0; i < 20; i++) await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10");

        // The first comes back, is told that the zone is empty, and so removes all that it holds; the second's traffic is not touched.
        var back = Start(path);
        await back.Record(1101);
        using var flow = await LineClient.ConnectAsync(_host, "vpc-b", "10.0.1.10", 80);
        Write(Whole([], 2));
        await back.Record(1101, s => s.GetProperty("Diff").GetString()!.Contains("-13"));
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        await ResolvesAsync("vpc-a", RegionalA, "10.0.1.10");
        Assert.NotNull(_host.Agent("").Observe("vpc-a"));

        // And when the second lets go as well, nothing is left.
        Write(Whole([], 2), "second.json");
        await second.Record(1101, s => s.GetProperty("Diff").GetString()!.Contains("-13"));
        Assert.Null(_host.Agent("").Observe("vpc-a"));
    }

    [Fact]
    public async Task The_file_is_read_again_when_it_changes_and_a_malformed_one_leaves_everything_as_it_was()
    {
        var agent = await UpAsync(TwoConsumers());
        Serve("10.0.9.1", "one");
        Serve("10.0.9.2", "two");
        await AnswersAsync("vpc-a", "one hello from 10.0.1.20");
        using var flow = await LineClient.ConnectAsync(_host, "vpc-a", "10.0.1.10", 80);

        File.WriteAllText(_host.PathOf("plan.json"), """{ "zoneId": "z1", "epoch": "e1", "revision": 2, "whole": true, "entires": [] }""");
        Assert.Contains("entires", (await agent.Record(1102)).GetProperty("Message").GetString());
        Assert.Equal("one hello from 10.0.1.20", await flow.SayAsync("hello"));

        Write(Whole(TwoConsumers().Select(e => e is DoorEntry { EndpointId: "vpce-a" } door ? door with { NodeKey = PlanKeys.Node("lb-2", Zone) } : e).ToList(), 3));
        await AnswersAsync("vpc-a", "two hello from 10.0.1.21");
    }

    [Fact]
    public async Task SIGHUP_reads_the_file_again_and_SIGTERM_keeps_the_networks()
    {
        var agent = await UpAsync(TwoConsumers());
        agent.Signal("HUP");
        Assert.Contains("SIGHUP", (await agent.Record(1111)).GetProperty("Message").GetString());
        agent.Signal("TERM");
        Assert.Equal(0, await agent.Exit());
        Assert.Contains(System.Net.IPAddress.Parse("10.0.1.10"), _host.Agent("").Observe("vpc-a")!.Addresses);
        var remover = AgentProcess.Start(_host, "--remove-all");
        _parts.Add(remover);
        Assert.Equal(0, await remover.Exit());
        Assert.Null(_host.Agent("").Observe("vpc-a"));
    }

    [Fact]
    public async Task A_second_agent_of_the_same_name_is_refused_and_another_zones_is_not()
    {
        AgentProcess Nameless(string plan)
        {
            var agent = AgentProcess.Start(_host, "--plan", plan);
            _parts.Add(agent);
            return agent;
        }
        var first = Nameless(Write(Whole(TwoConsumers())));
        await first.Record(1101);
        var twin = Nameless(Write(Whole([Network("vpc-z")]), "twin.json"));
        Assert.Equal(2, await twin.Exit());
        Assert.StartsWith("An agent 'static-z1' of instance", twin.Errors);

        await Nameless(Write(Whole([Network("vpc-z")]) with { ZoneId = OtherZone }, "far.json")).Record(1101);
        first.Kill();
        await Nameless(Write(Whole(TwoConsumers()))).Record(1101);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../elsewhere")]
    public async Task Removing_all_of_an_instance_that_is_a_path_removes_nothing(string instance)
    {
        foreach (var directory in new[] { "run", "elsewhere" }) Directory.CreateDirectory(_host.PathOf(directory));
        File.WriteAllText(_host.PathOf("run/keep"), "");
        File.WriteAllText(_host.PathOf("elsewhere/keep"), "");
        var remover = AgentProcess.Start(_host, "--remove-all", "--Agent:Instance", instance);
        _parts.Add(remover);
        Assert.Equal(1, await remover.Exit());
        Assert.Contains("Agent:Instance is 1-64 letters", remover.Errors);
        Assert.True(File.Exists(_host.PathOf("run/keep")) && File.Exists(_host.PathOf("elsewhere/keep")));
    }

    [Theory]
    [InlineData("", "is not a plan")]
    [InlineData("{}", "is not a plan")]
    [InlineData("""{ "zoneId": "z1", "epoch": "e", "revision": 1, "whole": true, "entries": [ null ] }""", "'entries' holds a null")]
    [InlineData("""{ "zoneId": "z1", "epoch": "e", "revision": 1, "whole": true, "entries": [] }""", "does not say that it is empty")]
    [InlineData("""{ "zoneId": "z1", "epoch": "e", "revision": 1, "whole": false, "empty": true }""", "must say '\"whole\": true'")]
    [InlineData("""{ "zoneId": "z1", "epoch": "e", "revision": 1, "whole": true, "entries": [ { "kind": "network", "key": "network/vpc-a", "vpcId": "vpc-a", "cidr": "10.0.0.1/16" } ] }""", "'10.0.0.1/16' is not an IPv4 CIDR")]
    [InlineData("""{ "zoneId": "z1", "epoch": "e", "revision": 1, "whole": true, "entries": [ { "kind": "network", "key": "network/../x", "vpcId": "../x", "cidr": "10.0.0.0/16" } ] }""", "a VPC id is")]
    public async Task A_malformed_file_at_start_gets_one_sentence_and_status_1(string text, string sentence)
    {
        File.WriteAllText(_host.PathOf("bad.json"), text);
        var agent = Start(_host.PathOf("bad.json"));
        Assert.Equal(1, await agent.Exit());
        Assert.Contains(sentence, agent.Errors);
        Assert.Single(agent.Errors.Split('\n'));
    }
}
