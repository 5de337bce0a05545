using System.Diagnostics;

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>What a private link is: private, isolated, and ended by those who may.</summary>
[Collection("one lab, one scenario at a time")]
public sealed class PrivateLinkTests(StandingLab lab)
{
    private void RequireLab()
    {
        if (lab.Missing is { } reason) Assert.Skip(reason);
    }

    [Fact]
    public async Task Two_consumers_with_equal_addresses_reach_different_services()
    {
        RequireLab();
        var another = await lab.AnotherConsumerAsync();
        var machine = await Links.MachineAsync(lab, lab.Provider.VpcId, "10.0.1.240");
        using var page = StandingLab.Serve(machine, "10.0.1.240", 8080, "the other service");
        var serviceName = await OtherServiceAsync("10.0.1.240", another.Account);
        var link = await Links.AcceptedAsync(lab, another, serviceName);
        await Links.ServesAsync(link);
        // The name serves as soon as one zone does; the address asked below may be the other's.
        await Eventually.TrueAsync(async () => await Run.PageAsync(link.Network, link.Addresses[0]) is not null, $"a page from {link.Addresses[0]}");
        Assert.Equal(lab.Endpoint.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()!), link.Addresses);
        for (var i = 0; i < 4; i++)
        {
            Assert.Contains("Hello from use1-az", await Run.PageAsync(lab.ConsumerNetwork, link.Addresses[i % 2]));
            Assert.Contains("Hello from the other service", await Run.PageAsync(link.Network, link.Addresses[0]));
        }
        // Names are hidden from other VPCs, both ways; nothing but the listener's port answers.
        Assert.Empty(await Run.ResolveAsync(lab.ConsumerNetwork, link.RegionalName));
        Assert.Empty(await Run.ResolveAsync(link.Network, Links.Text(lab.Endpoint, "regionalName")));
        Assert.Null(await Run.PageAsync(link.Network, link.Addresses[0], 5432));
    }

    [Fact]
    public async Task A_stopped_zone_leaves_the_regional_name_and_returns()
    {
        RequireLab();
        var regional = Links.Text(lab.Endpoint, "regionalName");
        await Eventually.TrueAsync(async () => (await Run.ResolveAsync(lab.ConsumerNetwork, regional)).Count == 2, "both addresses in the regional name");
        var role = lab.Processes.Roles("target-page-use1-az1").Single();
        await lab.Processes.KillAsync(role);
        // Both agents of the zone check its targets, each in its own rhythm: the address has gone when none of them lets it pass.
        await Eventually.TrueAsync(async () =>
        {
            for (var i = 0; i < 20; i++) if ((await Run.ResolveAsync(lab.ConsumerNetwork, regional)).Count != 1) return false;
            return true;
        }, "the stopped zone's address to go");
        for (var i = 0; i < 10; i++) Assert.NotNull(await Run.PageAsync(lab.ConsumerNetwork, regional));
        await lab.Processes.RestartAsync(role);
        await Eventually.TrueAsync(async () => (await Run.ResolveAsync(lab.ConsumerNetwork, regional)).Count == 2, "the address to return");
    }

    [Fact]
    public async Task Rejected_it_all_stops_at_once_and_accepted_again_it_flows()
    {
        RequireLab();
        var link = await Links.AcceptedAsync(lab, lab.Consumer, await Links.ServiceNameAsync(lab));
        await Links.ServesAsync(link);
        using var held = await HeldFlowAsync(link);
        var began = Stopwatch.GetTimestamp();
        await lab.Provider.PostAsync($"/v1/endpoint-connections/{link.Id}/reject");
        await Eventually.TrueAsync(() => Task.FromResult(held.HasExited), "the open flow to be reset", 10);
        Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < 10);
        await Eventually.TrueAsync(async () => (await Run.ResolveAsync(link.Network, link.RegionalName)).Count == 0, "the names to go");
        Assert.Null(await Run.PageAsync(link.Network, link.Addresses[0]));
        await Links.AcceptAsync(lab, link);
        await Links.ServesAsync(link);
    }

    [Fact]
    public async Task The_target_sees_the_load_balancers_address_and_the_provider_cannot_dial_the_consumer()
    {
        RequireLab();
        var nodes = (await lab.Provider.GetAsync("/v1/load-balancers")).GetProperty("items").EnumerateArray().SelectMany(l => l.GetProperty("nodes").EnumerateArray()).Select(n => Links.Text(n, "address")).ToList();
        var endpoint = lab.Endpoint;
        var connection = $"postgresql://{Links.Text(endpoint, "postgresUser")}:{Links.Text(endpoint, "postgresPassword")}@{Links.Text(endpoint, "regionalName")}/{Links.Text(endpoint, "postgresDatabase")}";
        var (status, seen) = await Run.InAsync(lab.ConsumerNetwork, "psql", connection, "-Atc", "select host(inet_client_addr())");
        Assert.True(status == 0, seen);
        Assert.Contains(seen.Trim(), nodes);

        // An address that only the consumer's VPC has; from inside it a page is served there, from the provider's there is no way.
        const string address = "10.0.1.231";
        var machine = await Links.MachineAsync(lab, lab.Consumer.VpcId, address);
        using var page = StandingLab.Serve(machine, address, 8080, "the consumer's own machine");
        await Eventually.TrueAsync(async () => await Run.PageAsync(lab.ConsumerNetwork, address, 8080) is not null, "the consumer's own page");
        Assert.Null(await Run.PageAsync(lab.ProviderNetwork, address, 8080));
        // Nor does the endpoint serve the VPC its service lives in: the name is unknown there.
        Assert.Null(await Run.PageAsync(lab.ProviderNetwork, Links.Text(endpoint, "regionalName")));
    }

    /// <summary>A second service of the provider's, with one target at port 8080.</summary>
    private async Task<string> OtherServiceAsync(string target, string account)
    {
        var provider = lab.Provider;
        var subnets = (await provider.GetAsync("/v1/subnets")).GetProperty("items").EnumerateArray().Where(s => Links.Text(s, "vpcId") == provider.VpcId).Select(s => Links.Text(s, "id")).ToList();
        var group = await provider.PostAsync("/v1/target-groups", new { name = "other", vpcId = provider.VpcId, port = 8080, healthCheck = new { intervalSeconds = 1, timeoutSeconds = 1, healthyThreshold = 2, unhealthyThreshold = 2 } });
        await provider.PostAsync($"/v1/target-groups/{Links.Text(group, "id")}/register-targets", new { targets = new[] { new { address = target } } });
        var loadBalancer = await provider.PostAsync("/v1/load-balancers", new { name = "other", subnetIds = subnets, crossZone = true });
        await provider.PostAsync($"/v1/load-balancers/{Links.Text(loadBalancer, "id")}/listeners", new { port = 80, targetGroupArn = Links.Text(group, "arn") });
        var service = await provider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { Links.Text(loadBalancer, "arn") } });
        await provider.PostAsync($"/v1/endpoint-services/{Links.Text(service, "id")}/allowed-principals", new { add = new[] { $"arn:aws:iam::{account}:root" } });
        return Links.Text(service, "name");
    }

    /// <summary>A client that holds a flow open until the other side ends it.</summary>
    private static async Task<Process> HeldFlowAsync(Link link)
    {
        var process = Process.Start("ip", ["netns", "exec", link.Network, "bash", "-c", $"exec 3<>/dev/tcp/{link.Addresses[0]}/80; cat <&3 2>/dev/null"]);
        await Eventually.TrueAsync(async () => (await Run.InAsync(link.Network, "sh", "-c", $"grep -c ' 01 ' /proc/net/tcp")).Output.Trim() is not ("" or "0"), "the flow to be established");
        return process;
    }
}
