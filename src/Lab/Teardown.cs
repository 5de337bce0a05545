using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>
/// Ends a lab and removes everything it left, however far it had come and whoever was killed: it goes by what is on disk and in the
/// kernel, not by what anybody remembers. Doing it twice is doing it once.
/// </summary>
public static class Teardown
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <param name="keepLogs">After a failure the logs stay, to be read.</param>
    /// <returns>What could not be removed, as sentences; none when nothing is left.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(LabDirectory directory, bool keepLogs)
    {
        var complaints = new List<string>();
        async Task Step(string what, Func<Task> step)
        {
            try
            {
                await step();
            }
            catch (Exception e) // whatever it is: the other steps must have their turn
            {
                complaints.Add($"{what}: {e.Message}");
            }
        }
        await Step("taking lab.json back", () => Task.Run(() => File.Delete(directory.LabJson)));
        await Step("ending the processes", () => EndProcessesAsync(directory));
        await Step("detaching the instances", () => DetachInstancesAsync(directory));
        await Step("telling the agents to remove their networks", () => RemoveNetworksAsync(directory));
        await Step("removing networks that no agent removed", () => RemoveLeftNetworksAsync(directory));
        await Step("removing the provider's databases", () => Targets.RemoveDatabasesAsync(directory));
        await Step("ending RabbitMQ", () => PrivateComponents.DownAsync(directory, PrivateComponents.Rabbitmq));
        await Step("ending PostgreSQL", () => PrivateComponents.DownAsync(directory, PrivateComponents.Postgres));
        // Without its records nobody would find what still runs or stands.
        if (!LabProcess.Read(directory.Records).Any(p => p.IsAlive && p.Role != LabDirectory.OwnRole) && Instances.Networks(directory.Instance).Count == 0)
            await Step("removing the lab's files", () => Task.Run(() => RemoveFiles(directory, keepLogs)));
        return complaints;
    }

    /// <summary>In the order that makes no noise: what asks before what answers.</summary>
    private static async Task EndProcessesAsync(LabDirectory directory)
    {
        var processes = LabProcess.Read(directory.Records).Where(p => p.Role != LabDirectory.OwnRole).ToList();
        foreach (var front in (string[])["client", "notifier", "zone-agent", "control-plane"])
            await LabProcesses.EndAsync(processes.Where(p => p.Role.StartsWith(front, StringComparison.Ordinal)), LabProcess.Terminate, Patience);
        // For a PostgreSQL an interrupt is the quick end in good order; a terminate would wait for its clients.
        await LabProcesses.EndAsync(processes, LabProcess.Interrupt, Patience);
        var stubborn = processes.Where(p => p.IsAlive).Select(p => $"{p.Role} ({p.Id})").ToList();
        if (stubborn.Count > 0) throw new LabException($"{string.Join(", ", stubborn)} will not end");
    }

    /// <summary>A user's command may still run inside (`exec`): its network goes, so it ends too.</summary>
    private static async Task DetachInstancesAsync(LabDirectory directory)
    {
        foreach (var network in Instances.Networks(directory.Instance).Where(n => !n.Contains("-vpc-", StringComparison.Ordinal)))
        {
            foreach (var id in (await Commands.TryAsync(["ip", "netns", "pids", network])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                await Commands.TryAsync(["kill", "-KILL", id]);
            await Instances.DetachAsync(directory, network);
        }
    }

    private static Task RemoveNetworksAsync(LabDirectory directory) =>
        !Directory.Exists(directory.Agents) ? Task.CompletedTask
        : Task.WhenAll(Directory.GetFiles(directory.Agents, "*.environment.json").Select(async file =>
        {
            var environment = JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(file));
            await Commands.RunAsync([Commands.Dotnet, directory.Program("ZoneAgent"), "--remove-all"], environment);
        }));

    /// <summary>An agent that cannot run any more must not leave the host littered; that it could not is still a failure.</summary>
    private static async Task RemoveLeftNetworksAsync(LabDirectory directory)
    {
        var left = Instances.Networks(directory.Instance);
        foreach (var network in left)
        {
            await Commands.RunAsync(["ip", "netns", "delete", network]);
            RemoveDirectory($"/etc/netns/{network}");
        }
        if (left.Count > 0) RemoveDirectory($"/run/{directory.Instance}");
        if (left.Count > 0) throw new LabException($"{string.Join(", ", left)} had to be deleted by force");
    }

    /// <summary>Only what a lab makes: should the directory be somebody's home by mistake, the rest of it stays. The programs go last and at
    /// one stroke: whoever finds them can do all of this again, and without them only what lab.sh removes itself is left.</summary>
    private static void RemoveFiles(LabDirectory directory, bool keepLogs)
    {
        foreach (var entry in (string[])[directory.Tokens, directory.Agents, directory.Components, .. keepLogs ? [] : (string[])[directory.Logs]]) RemoveDirectory(entry);
        foreach (var entry in (string[])[directory.LabJson, directory.LabJson + ".new", directory.Records]) File.Delete(entry);
        // The agents' lock between themselves; they never remove it, because another could be waiting for it.
        File.Delete($"/run/lock/{directory.Instance}.lock");
        RemovePrograms(directory);
        if (keepLogs) return;
        File.Delete(Path.Combine(directory.Root, "lock"));
        if (Directory.GetFileSystemEntries(directory.Root).Length == 0) Directory.Delete(directory.Root);
    }

    private static void RemovePrograms(LabDirectory directory)
    {
        RemoveDirectory(directory.OldPrograms);
        if (Directory.Exists(directory.Programs)) Directory.Move(directory.Programs, directory.OldPrograms);
        RemoveDirectory(directory.OldPrograms);
    }

    private static void RemoveDirectory(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }
}
