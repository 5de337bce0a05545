using Microsoft.Extensions.Configuration;
using PrivateLinkCloud.ZoneAgent;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;

const int AlreadyRunning = 2;
if (CommandLine.Parse(args) is not { } line) return Complain(CommandLine.Usage);
AgentSettings settings;
var configuration = new ConfigurationManager();
try
{
    line.AddTo(configuration);
    settings = AgentSettings.From(configuration);
}
catch (Exception e) when (e is IOException or InvalidDataException or InvalidOperationException or FormatException)
{
    return Complain($"The configuration cannot be read: {e.Message}");
}
if (!Environment.IsPrivilegedProcess) return Complain("The zone agent makes network namespaces, which needs root: run it with sudo.");

if (line.RemoveAll)
{
    if (settings.InstanceFault is { } wrong) return Complain(wrong); // it begins the paths of what is deleted
    var (removed, failed) = NamespaceFabric.RemoveAll(settings.Names);
    foreach (var name in removed) Console.WriteLine($"removed {name}");
    foreach (var reason in failed) Console.Error.WriteLine(reason);
    return failed.Count == 0 ? 0 : 1;
}

try
{
    var reading = line.PlanFile is null ? null : PlanFile.Read(line.PlanFile);
    if (reading is not null) settings.ZoneId = reading.Plan.ZoneId;
    if (reading is not null && settings.AgentId.Length == 0) settings.AgentId = $"static-{settings.ZoneId}";
    if (settings.Faults(isStatic: reading is not null).FirstOrDefault() is { } fault) return Complain(fault);
    using var life = AgentLock.TryTake(settings.Names, settings.AgentId);
    if (life is null)
        return Complain($"An agent '{settings.AgentId}' of instance '{settings.Instance}' is running on this host already: give this one an Agent:AgentId of its own.", AlreadyRunning);
    return await AgentHost.RunAsync(settings, configuration, reading);
}
catch (PlanFileException e)
{
    return Complain(e.Message);
}
catch (AgentLockException e)
{
    return Complain($"Agent:Fabric:RuntimeDirectory and LockDirectory cannot be used: {e.Message}");
}

static int Complain(string sentence, int status = 1)
{
    Console.Error.WriteLine(sentence);
    return status;
}
