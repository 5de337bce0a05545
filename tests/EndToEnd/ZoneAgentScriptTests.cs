using System.Diagnostics;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary><c>deploy/zone-agent.sh --plan FILE</c> as an operator would run it: one script, one file, bytes flow.</summary>
public sealed class ZoneAgentScriptTests : IDisposable
{
    private const string ConsumerMachine = "10.0.1.200", ProviderMachine = "10.0.1.201", Door = "10.0.1.10", Name = "app.example.com";
    private const string Plan = $$"""
        {
          "zoneId": "use1-az1", "epoch": "static", "revision": 1, "whole": true,
          "entries": [
            { "kind": "network", "key": "network/vpc-c", "vpcId": "vpc-c", "cidr": "10.0.0.0/16" },
            { "kind": "network", "key": "network/vpc-p", "vpcId": "vpc-p", "cidr": "10.0.0.0/16" },
            { "kind": "targetGroup", "key": "targetGroup/pages", "targetGroupArn": "pages", "vpcId": "vpc-p", "healthCheck": { "intervalSeconds": 1 },
              "targets": [ { "address": "{{ProviderMachine}}", "port": 8080, "zoneId": "use1-az1" } ] },
            { "kind": "node", "key": "node/front/use1-az1", "loadBalancerArn": "front", "vpcId": "vpc-p", "zoneId": "use1-az1", "address": "10.0.1.20",
              "listeners": [ { "port": 80, "targetGroupKey": "targetGroup/pages" } ] },
            { "kind": "door", "key": "door/eni-1", "endpointId": "vpce-1", "serviceId": "vpce-svc-1", "networkInterfaceId": "eni-1", "vpcId": "vpc-c",
              "zoneId": "use1-az1", "address": "{{Door}}", "nodeKey": "node/front/use1-az1", "probePort": 80 },
            { "kind": "name", "key": "name/vpc-c/{{Name}}", "vpcId": "vpc-c", "name": "{{Name}}", "nameKind": "private", "doorKeys": [ "door/eni-1" ] }
          ]
        }
        """;

    private readonly LabCommand _host = new();
    private readonly string _instance = $"zs{Environment.ProcessId}";
    private readonly List<Process> _started = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private static string Builds => Path.Combine(LabCommand.Checkout, "src/ZoneAgent/obj/published");
    private static string CurrentBuild => new DirectoryInfo(Path.Combine(Builds, "current")).ResolveLinkTarget(returnFinalTarget: true)!.FullName;

    [Fact]
    public async Task A_plan_file_alone_makes_a_private_link_and_a_new_build_leaves_the_running_agent_its_own()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        var plan = Path.Combine(Path.GetDirectoryName(_host.Lab)!, "plan.json");
        await File.WriteAllTextAsync(plan, Plan, Ct);
        var agent = Start($"{Script} --plan {plan}");
        await UntilAsync(() => File.Exists($"/run/netns/{_instance}-vpc-c") && File.Exists($"/run/netns/{_instance}-vpc-p"), agent);
        await SucceedAsync($"deploy/workload.sh add {_instance}-vpc-p {_instance}-page {ProviderMachine}");
        await SucceedAsync($"deploy/workload.sh add {_instance}-vpc-c {_instance}-client {ConsumerMachine}");
        Start($"ip netns exec {_instance}-page dotnet {Path.Combine(AppContext.BaseDirectory, "PrivateLinkCloud.Lab.dll")} serve-page {ProviderMachine} 8080 use1-az1");
        await SucceedAsync($"ip netns exec {_instance}-client curl -s --retry 30 --retry-all-errors --retry-delay 1 http://{Name}/", "Hello from use1-az1");

        // A source file is newer than the build.
        var running = CurrentBuild;
        var program = Path.Combine(running, "PrivateLinkCloud.ZoneAgent.dll");
        File.SetLastWriteTimeUtc(program, DateTime.UnixEpoch);
        await _host.RunAsync($"{Script} --help", Ct);
        Assert.NotEqual(running, CurrentBuild);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(program));
        await SucceedAsync($"ip netns exec {_instance}-client curl -s http://{Name}/", "Hello from use1-az1");

        await _host.RunAsync($"kill -TERM {agent.Id}", Ct);
        await agent.WaitForExitAsync(Ct);
        Assert.Equal(0, agent.ExitCode);
        await SucceedAsync($"{Script} --remove-all", $"removed {_instance}-vpc-c");
        Assert.False(File.Exists($"/run/netns/{_instance}-vpc-c"));
    }

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        foreach (var command in (string[])[$"deploy/workload.sh remove {_instance}-page", $"deploy/workload.sh remove {_instance}-client", $"{Script} --remove-all"])
            if (_started.Count > 0) using (var process = _host.Start(command)) process.WaitForExit(TimeSpan.FromMinutes(1));
        File.Delete($"/run/lock/{_instance}.lock");
        _host.Dispose();
    }

    private string Script => $"env Agent__Instance={_instance} deploy/zone-agent.sh";

    private Process Start(string command)
    {
        var process = _host.Start(command);
        _started.Add(process);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private async Task SucceedAsync(string command, string said = "")
    {
        var outcome = await _host.RunAsync(command, Ct);
        Assert.True(outcome.Status == 0, $"{command}: {outcome}");
        Assert.Contains(said, outcome.Output, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> condition, Process process)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var clock = Stopwatch.StartNew(); !condition(); await poll.WaitForNextTickAsync(Ct))
            if (process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(3)) Assert.Fail($"the agent made no networks: {(process.HasExited ? await process.StandardError.ReadToEndAsync(Ct) : "waited 3 min")}");
    }
}
