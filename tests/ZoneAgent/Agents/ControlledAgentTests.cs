using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>The executable with a control plane: fetch, apply, report; and what happens when the control plane is gone, wrong or new.</summary>
[Collection("host")]
public sealed class ControlledAgentTests : IAsyncLifetime
{
    private readonly HostFixture _host = new();
    private readonly List<AgentProcess> _agents = [];
    private TinyControlPlane _control = null!;

    public async ValueTask InitializeAsync() => _control = await TinyControlPlane.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents) agent.Dispose();
        await _control.DisposeAsync();
        _host.Dispose();
    }

    private AgentProcess Start(params string[] more)
    {
        var agent = AgentProcess.Start(_host, [
            "--Agent:AgentId", "agent-1", "--Agent:ZoneId", Zone, "--Agent:StateDirectory", _host.PathOf("state"), "--Agent:SlowPollSeconds", "0.3",
            "--Agent:ControlPlane", _control.Url.ToString(), "--Agent:AuditSeconds", "0.5", "--Agent:ReportSeconds", "1", .. more]);
        _agents.Add(agent);
        return agent;
    }

    private Task AnswersAsync(string expected) =>
        Eventually.True(async () => await LineClient.AskAsync(_host, "vpc-a", "10.0.1.10", 80) == expected, $"'{expected}' through the door");

    private NamedServer Serve()
    {
        _host.GiveInstance("vpc-p", "10.0.9.1");
        return new NamedServer(_host, "vpc-p", "10.0.9.1", 8080, "one");
    }

    [Fact]
    public async Task Fetches_applies_and_reports_revision_by_revision_with_the_health_of_targets()
    {
        _control.Publish(Whole(Small()));
        Start();
        var first = await _control.Reported(1);
        Assert.Equal(("agent-1", 15), (first.AgentId, first.LeaseSeconds));
        Assert.Empty(first.Troubles);
        using var server = Serve();
        await _control.Reported(r => r.Targets.Any(t => t is { TargetGroupKey: "targetGroup/tg", Address: "10.0.9.1", Port: 8080, State: "healthy" }), "a healthy target");
        await AnswersAsync("one hello from 10.0.1.20");

        _control.Publish(Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        await _control.Reported(2);
        Assert.Contains("?epoch=e1&since=1", _control.Asked);
        await Eventually.True(async () => await LineClient.AskAsync(_host, "vpc-a", "10.0.1.11", 80) == "one hello from 10.0.1.20", "the new door");
    }

    [Fact]
    public async Task A_restart_with_no_control_plane_serves_from_disk()
    {
        _control.Publish(Whole(Small()));
        _control.Publish(Changes(2, [Name("vpc-a", "b.example.com", NameKind.Private, "a")]));
        var agent = Start();
        await _control.Reported(2);
        using var server = Serve();
        await AnswersAsync("one hello from 10.0.1.20");
        await _control.StopAsync();
        agent.Kill();

        Start();
        await AnswersAsync("one hello from 10.0.1.20");
        await Eventually.True(async () => (await DnsQuestion.AskAsync(_host, "vpc-a", "b.example.com")).Addresses.Contains("10.0.1.10"), "the name from disk");

        // And when it comes back, nothing but the news is asked for.
        _control.Publish(Changes(3, [], "name/vpc-a/b.example.com"));
        await _control.ListenAsync();
        await _control.Reported(3);
        Assert.Contains("?epoch=e1&since=2", _control.Asked);
    }

    [Fact]
    public async Task An_agent_that_comes_back_to_a_plan_that_moved_on_gives_up_what_it_held()
    {
        _control.Publish(Whole(Small()));
        var agent = Start();
        await _control.Reported(1);
        agent.Kill();
        Directory.Delete(_host.PathOf("state"), recursive: true); // it does not even remember
        _control.Publish(Whole([Network("vpc-p")], 1, "e2"));
        Start();
        await _control.Reported(1, "e2");
        Assert.Null(_host.Agent("").Observe("vpc-a"));
        Assert.NotNull(_host.Agent("").Observe("vpc-p"));
    }

    [Fact]
    public async Task A_refused_plan_is_reported_and_what_was_in_force_stays()
    {
        _control.Publish(Whole(Small()));
        Start();
        await _control.Reported(1);
        using var server = Serve();
        await AnswersAsync("one hello from 10.0.1.20");

        _control.Garbled = () => """{"schema":1,"zoneId":"z1","epoch":"e1","revision":2,"whole":true,"entries":[]}""";
        var report = await _control.Reported(r => r.Troubles.Any(t => t.Key == "plan"), "a refusal");
        Assert.Equal(1, report.Revision);
        Assert.Contains("does not say that it is empty", report.Troubles[0].Reason);
        _control.Garbled = () => """{"schema":1,"zoneId":"z1","epoch":"e1","revision":2,"whole":false,"removed":[null]}""";
        await _control.Reported(r => r.Troubles.Any(t => t.Reason.Contains("'removed' holds a null")), "a null");
        _control.Garbled = () => "<html>";
        await _control.Reported(r => r.Troubles.Any(t => t.Reason.Contains("not a plan")), "an answer that is no plan");
        Assert.Equal("one hello from 10.0.1.20", await LineClient.AskAsync(_host, "vpc-a", "10.0.1.10", 80));

        _control.Garbled = null;
        _control.Publish(Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        Assert.Empty((await _control.Reported(2)).Troubles);
    }

    [Fact]
    public async Task Reports_are_sent_again_until_they_are_taken_and_the_token_is_read_anew()
    {
        (_control.Token, _control.RefuseReports) = ("right", 3);
        var token = _host.PathOf("token");
        File.WriteAllText(token, "wrong\n");
        _control.Publish(Whole(Small()));
        var agent = Start("--Agent:TokenFile", token);
        Assert.Contains("TokenFile", (await agent.Record(1106)).GetProperty("Message").GetString());
        File.WriteAllText(token, "right\n");
        await _control.Reported(1);
        Assert.True(_control.RefuseReports < 0);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_logged_and_neither_ends_the_agent_nor_its_loops()
    {
        _control.Token = "right";
        var token = _host.PathOf("token");
        File.WriteAllText(token, "right");
        _control.Publish(Whole(Small()));
        var agent = Start("--Agent:TokenFile", token);
        await _control.Reported(1);
        File.WriteAllText(token, "two\nlines"); // no header can hold it
        await Eventually.True(() => agent.Records(1113).Select(r => r.GetProperty("Category").GetString()).Distinct().Count() == 2, "both loops stumble");
        File.WriteAllText(token, "right");
        _control.Publish(Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        await _control.Reported(2);
    }

    [Fact]
    public async Task With_two_control_planes_the_other_is_asked_when_one_is_gone()
    {
        await using var other = await TinyControlPlane.StartAsync();
        _control.Publish(Whole(Small()));
        Start("--Agent:ControlPlane", $"{_control.Url},{other.Url}");
        await _control.Reported(1);
        other.Publish(Whole(Small()));
        other.Publish(Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        await _control.StopAsync();
        await other.Reported(2);
    }

    [Fact]
    public async Task What_somebody_deleted_on_the_host_comes_back()
    {
        _control.Publish(Whole(Small()));
        Start();
        await _control.Reported(1);
        using (Serve()) await AnswersAsync("one hello from 10.0.1.20");
        HostFixture.Ip("-n", _host.Names.NameOf("vpc-a"), "address", "del", "10.0.1.10/32", "dev", "plc0");
        await Eventually.True(() => _host.Agent("").Observe("vpc-a")!.Addresses.Contains(System.Net.IPAddress.Parse("10.0.1.10")), "the address");

        HostFixture.Ip("netns", "delete", _host.Names.NameOf("vpc-a"));
        HostFixture.Ip("netns", "delete", _host.Names.NameOf("vpc-p"));
        await Eventually.True(() => _host.Agent("").Observe("vpc-p") is not null && _host.Agent("").Observe("vpc-a") is not null, "both networks");
        using var server = Serve();
        await AnswersAsync("one hello from 10.0.1.20");
    }

    [Theory]
    [InlineData("--Agent:ZoneId", "", "Agent:ZoneId is missing")]
    [InlineData("--Agent:AgentId", "a/b", "Agent:AgentId is missing")]
    [InlineData("--Agent:ControlPlane", "ftp://x", "is not an http(s) URL")]
    [InlineData("--Agent:LeaseSeconds", "0", "Agent:LeaseSeconds is 1-300")]
    [InlineData("--Agent:UpstreamResolvers", "8.8.8.8", "is not ADDRESS:PORT")]
    [InlineData("--Agent:StateDirectory", "/proc/self/none", "Agent:StateDirectory '/proc/self/none' cannot be used")]
    [InlineData("--frobnicate", "", "usage:")]
    public async Task A_setting_that_makes_no_sense_gets_one_sentence_and_status_1(string key, string value, string sentence)
    {
        var agent = Start(key, value);
        Assert.Equal(1, await agent.Exit());
        Assert.Contains(sentence, agent.Errors);
    }
}
