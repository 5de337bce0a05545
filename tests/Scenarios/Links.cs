using System.Text.Json;

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>Another interface endpoint in another VPC with the same addresses, and a machine in that VPC.</summary>
public sealed record Link(string Id, string RegionalName, IReadOnlyList<string> Addresses, string Network);

public static class Links
{
    private static int _number;

    /// <summary>A new VPC 10.0.0.0/16 of the consumer with a machine in it, and an endpoint requested but not accepted.</summary>
    public static async Task<Link> RequestAsync(StandingLab lab, Party consumer, string serviceName)
    {
        var vpc = Text(await consumer.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }), "id");
        var subnets = new List<string>();
        foreach (var zone in (await consumer.GetAsync("/v1/zones")).GetProperty("items").EnumerateArray())
            subnets.Add(Text(await consumer.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = $"10.0.{subnets.Count + 1}.0/24", availabilityZone = Text(zone, "zoneName") }), "id"));
        var network = await MachineAsync(lab, vpc, "10.0.1.250");
        var endpoint = await consumer.PostAsync("/v1/interface-endpoints", new { vpcId = vpc, serviceName, subnetIds = subnets });
        return new Link(Text(endpoint, "id"), Text(endpoint, "regionalName"), [.. endpoint.GetProperty("networkInterfaces").EnumerateArray().Select(i => Text(i, "address"))], network);
    }

    public static async Task<Link> AcceptedAsync(StandingLab lab, Party consumer, string serviceName)
    {
        var link = await RequestAsync(lab, consumer, serviceName);
        await AcceptAsync(lab, link);
        return link;
    }

    public static Task AcceptAsync(StandingLab lab, Link link) => lab.Provider.PostAsync($"/v1/endpoint-connections/{link.Id}/accept");

    public static async Task<string> ServiceNameAsync(StandingLab lab) =>
        Text((await lab.Provider.GetAsync("/v1/endpoint-services")).GetProperty("items").EnumerateArray().Single(s => Text(s, "id") == Text(lab.Endpoint, "serviceId")), "name");

    /// <summary>A machine in a VPC, as soon as the zone agents have made the network.</summary>
    public static async Task<string> MachineAsync(StandingLab lab, string vpcId, string address)
    {
        var (vpc, name) = ($"{lab.Instance}-{vpcId}", $"{lab.Instance}-m{Interlocked.Increment(ref _number)}");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists($"/run/netns/{vpc}")), $"the network of {vpcId}", 60);
        var (status, output) = await Run.ToEndAsync("bash", [Path.Combine(StandingLab.Root, "deploy/workload.sh"), "add", vpc, name, address]);
        Assert.True(status == 0, output);
        return name;
    }

    public static Task ServesAsync(Link link, double seconds = 30) =>
        Eventually.TrueAsync(async () => await Run.PageAsync(link.Network, link.RegionalName) is not null, $"a page through {link.Id}", seconds);

    public static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
