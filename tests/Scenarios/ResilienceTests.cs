using System.Diagnostics;

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>What goes on when parts of the product are killed: traffic always, changes as soon as somebody is there to make them.</summary>
[Collection("one lab, one scenario at a time")]
public sealed class ResilienceTests(StandingLab lab)
{
    private void RequireLab()
    {
        if (lab.Missing is { } reason) Assert.Skip(reason);
    }

    [Fact]
    public async Task The_leading_control_plane_is_killed_and_the_next_accept_yields_a_byte_within_ten_seconds()
    {
        RequireLab();
        var service = await Links.ServiceNameAsync(lab);
        var first = await Links.AcceptedAsync(lab, lab.Consumer, service);
        await Links.ServesAsync(first);
        var next = await Links.RequestAsync(lab, lab.Consumer, service);
        // Who planned the first one leads.
        var leader = lab.Processes.Roles("control-plane-").Single(r => lab.Processes.Log(r).Contains($"{first.Id}: ") && lab.Processes.Log(r).Split('\n').Any(l => l.Contains("\"EventId\":1006") && l.Contains(first.Id)));
        await lab.Processes.KillAsync(leader);
        try
        {
            var began = Stopwatch.GetTimestamp();
            await Links.AcceptAsync(lab, next);
            await Links.ServesAsync(next);
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 10);
        }
        finally
        {
            await lab.Processes.RestartAsync(leader);
        }
    }

    [Fact]
    public async Task The_broker_is_stopped_an_accept_given_the_broker_started_and_the_byte_flows_with_nothing_restarted()
    {
        RequireLab();
        var service = await Links.ServiceNameAsync(lab);
        var link = await Links.RequestAsync(lab, lab.Consumer, service);
        await lab.Processes.ComponentAsync("rabbitmq", "stop");
        await Links.AcceptAsync(lab, link);
        await lab.Processes.ComponentAsync("rabbitmq", "up");
        await Links.ServesAsync(link, 90); // nobody rang for it: the agents look by themselves, once a minute here (StandingLab)
        // Doorbells ring again, each time: four bytes in a row before any agent would look are no luck.
        for (var i = 0; i < 4; i++)
        {
            var next = await Links.RequestAsync(lab, lab.Consumer, service);
            var began = Stopwatch.GetTimestamp();
            await Links.AcceptAsync(lab, next);
            await Links.ServesAsync(next);
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 4);
        }
    }

    [Fact]
    public async Task One_agent_of_a_zone_is_killed_and_new_flows_go_on_through_its_pair()
    {
        RequireLab();
        var door = lab.Endpoint.GetProperty("addresses")[0].GetString()!;
        var role = lab.Processes.Roles("zone-agent-use1-az2")[0];
        await lab.Processes.KillAsync(role);
        try
        {
            await Eventually.TrueAsync(async () => await Run.PageAsync(lab.ConsumerNetwork, door) is not null, "a new flow", 3);
            for (var i = 0; i < 20; i++) Assert.NotNull(await Run.PageAsync(lab.ConsumerNetwork, door));
        }
        finally
        {
            await lab.Processes.RestartAsync(role);
        }
    }

    [Fact]
    public async Task With_control_plane_broker_and_database_dead_restarted_agents_resolve_names_and_serve_pages()
    {
        RequireLab();
        var regional = Links.Text(lab.Endpoint, "regionalName");
        var dead = lab.Processes.Roles("control-plane-").Concat(lab.Processes.Roles("notifier")).ToList();
        foreach (var role in dead) await lab.Processes.KillAsync(role);
        await lab.Processes.ComponentAsync("rabbitmq", "kill");
        await lab.Processes.ComponentAsync("postgres", "kill");
        try
        {
            Assert.NotNull(await Run.PageAsync(lab.ConsumerNetwork, regional));
            var agents = lab.Processes.Roles("zone-agent-");
            Assert.Equal(4, agents.Count);
            foreach (var role in agents) await lab.Processes.KillAsync(role);
            Assert.Null(await Run.PageAsync(lab.ConsumerNetwork, regional));
            foreach (var role in agents) await lab.Processes.RestartAsync(role);
            await Eventually.TrueAsync(async () => (await Run.ResolveAsync(lab.ConsumerNetwork, regional)).Count == 2, "both addresses in the regional name");
            foreach (var name in new[] { regional, Links.Text(lab.Endpoint, "privateName"), lab.Endpoint.GetProperty("zonalNames")[0].GetString()! })
                Assert.NotNull(await Run.PageAsync(lab.ConsumerNetwork, name));
        }
        finally
        {
            await lab.Processes.ComponentAsync("postgres", "up");
            await lab.Processes.ComponentAsync("rabbitmq", "up");
            foreach (var role in dead) await lab.Processes.RestartAsync(role);
        }
        // And it was only a pause: the next change goes through.
        var link = await Links.AcceptedAsync(lab, lab.Consumer, await Links.ServiceNameAsync(lab));
        await Links.ServesAsync(link, 60);
    }
}
