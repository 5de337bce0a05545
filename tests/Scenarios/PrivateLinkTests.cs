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
        var serviceName = await OtherServiceAsync(another.Account);
        var link = await Links.AcceptedAsync(lab, another, serviceName);
        await Links.ServesAsync(link);
        Assert.Equal(lab.Endpoint.GetProperty("addresses").EnumerateArray().Select(a => a.GetString()!), link.Addresses);
        for (var i = 0; i < 4; i++)
        {
            Assert.Contains("through a private link", await Run.PageAsync(lab.ConsumerNetwork, link.Addresses[i % 2]));
            Assert.Contains("the other service", await Run.PageAsync(link.Network, link.Addresses[0]));
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
        // 10.0.1.209 is the consumer's machine; the provider's own network has a machine of that address too, and no way out.
        Assert.Null(await Run.PageAsync(lab.ProviderNetwork, Links.Text(endpoint, "regionalName")));
    }

    /// <summary>A second service of the provider's, whose page is another one.</summary>
    private async Task<string> OtherServiceAsync(string account)
    {
        var provider = lab.Provider;
        var machine = await Links.MachineAsync(lab, provider.VpcId, "10.0.1.240");
        var page = Path.Combine(Path.GetTempPath(), $"plc-page-{Environment.ProcessId}");
        await File.WriteAllTextAsync(page, "HTTP/1.0 200 OK\r\nContent-Length: 17\r\n\r\nthe other service");
        _ = Process.Start("ip", ["netns", "exec", machine, "ncat", "-l", "-k", "10.0.1.240", "8080", "--sh-exec", $"cat {page}"]);
        var subnets = (await provider.GetAsync("/v1/subnets")).GetProperty("items").EnumerateArray().Where(s => Links.Text(s, "vpcId") == provider.VpcId).Select(s => Links.Text(s, "id")).ToList();
        var group = await provider.PostAsync("/v1/target-groups", new { name = "other", vpcId = provider.VpcId, port = 8080, healthCheck = new { intervalSeconds = 1, timeoutSeconds = 1, healthyThreshold = 2, unhealthyThreshold = 2 } });
        await provider.PostAsync($"/v1/target-groups/{Links.Text(group, "id")}/register-targets", new { targets = new[] { new { address = "10.0.1.240" } } });
        var loadBalancer = await provider.PostAsync("/v1/load-balancers", new { name = "other", subnetIds = subnets, crossZone = true });
        await provider.PostAsync($"/v1/load-balancers/{Links.Text(loadBalancer, "id")}/listeners", new { port = 80, targetGroupArn = Links.Text(group, "arn") });
        var service = await provider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { Links.Text(loadBalancer, "arn") } });
        await provider.PostAsync($"/v1/endpoint-services/{Links.Text(service, "id")}/allowed-principals", new { add = new[] { $"arn:aws:iam::{account}:root" } });
        return Links.Text(service, "name");
    }

    /// <summary>A client that holds a flow open until the other side ends it.</summary>
    private static async Task<Process> HeldFlowAsync(Link link)
    {
        var process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", link.Network, "ncat", link.Addresses[0], "80"]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        await Eventually.TrueAsync(async () => (await Run.InAsync(link.Network, "sh", "-c", $"grep -c ' 01 ' /proc/net/tcp")).Output.Trim() is not ("" or "0"), "the flow to be established");
        return process;
    }
}
