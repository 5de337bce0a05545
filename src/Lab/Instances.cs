namespace PrivateLinkCloud.Lab;

/// <summary>A machine of a tenant in its VPC: a network namespace with one address, the VPC's routes and the VPC's resolver.</summary>
/// <param name="Network">Name of the namespace, for <c>deploy/lab.sh exec</c>.</param>
public sealed record Instance(string Network, string VpcId, string Address)
{
    /// <summary>The command, run inside.</summary>
    public IReadOnlyList<string> Run(params IReadOnlyList<string> command) => ["ip", "netns", "exec", Network, .. command];
}

/// <summary>Attaches instances to the networks that the zone agents made.</summary>
public sealed class Instances(LabDirectory directory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Attaches one, as soon as the agents have made the VPC's network on this host.</summary>
    public async Task<Instance> AttachAsync(string name, string vpcId, string address, CancellationToken ct)
    {
        var vpc = $"{directory.Instance}-{vpcId}";
        await Until.RequireAsync(() => File.Exists($"/run/netns/{vpc}"), Patience,
            $"No zone agent has made the network of {vpcId}. See {directory.Log("zone-agent-" + Product.ZoneIds[0] + "-1")}", ct);
        var instance = new Instance($"{directory.Instance}-{name}", vpcId, address);
        await Commands.RunAsync(["bash", directory.Script("workload.sh"), "add", vpc, instance.Network, address], ct: ct);
        return instance;
    }

    public static Task DetachAsync(LabDirectory directory, string network) =>
        Commands.RunAsync(["bash", directory.Script("workload.sh"), "remove", network]);

    /// <summary>Namespaces on this host that belong to this lab.</summary>
    public static IReadOnlyList<string> Networks(string instance) =>
        !Directory.Exists("/run/netns") ? [] : [.. Directory.GetFiles("/run/netns", $"{instance}-*").Select(n => Path.GetFileName(n)).Order()];
}
