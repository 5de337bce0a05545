using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>The product's processes, each started as in production: by its own program, told everything by environment variables.</summary>
public sealed class Product(LabDirectory directory, LabProcesses processes, Surroundings surroundings)
{
    public const string Region = "us-east-1";
    public static readonly IReadOnlyList<string> ZoneIds = ["use1-az1", "use1-az2"];
    private const int ControlPlanes = 2, AgentsPerZone = 2;

    private readonly string _controlPlanePassword = RandomNumberGenerator.GetHexString(32), _notifierPassword = RandomNumberGenerator.GetHexString(32);

    public async Task MigrateAsync(IReadOnlyDictionary<string, string> postgres, CancellationToken ct)
    {
        var environment = new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = postgres["PLC_POSTGRES"],
            ["Database__ControlPlanePassword"] = _controlPlanePassword, ["Database__NotifierPassword"] = _notifierPassword,
        };
        var result = await Commands.TryAsync([Commands.Dotnet, directory.Program("ControlPlane"), "migrate", "--migrations", Path.GetFullPath(directory.Migrations)], environment, ct: ct);
        await File.WriteAllTextAsync(directory.Log("migrate"), $"{result.Output}\n{result.Errors}\n", ct);
        if (result.Status != 0) throw new LabException($"The migrations failed: {result.Errors.Split('\n')[^1]}. See {directory.Log("migrate")}");
    }

    /// <summary>Two control planes behind one port: the kernel spreads the flows, and either may die.</summary>
    public void StartControlPlanes(IReadOnlyDictionary<string, string> postgres, IReadOnlyDictionary<string, string> rabbitmq, int port)
    {
        var environment = new Dictionary<string, string>(Broker(rabbitmq))
        {
            ["Database__ConnectionString"] = Database(postgres, "plc_control_plane", _controlPlanePassword),
            ["Auth__Authority"] = surroundings.Issuer.Issuer!.ToString().TrimEnd('/'), ["Auth__Audience"] = TokenIssuer.Audience,
            ["Http__Address"] = "127.0.0.1", ["Http__Port"] = port.ToString(CultureInfo.InvariantCulture), ["Http__ReusePort"] = "true",
            ["Platform__Region"] = Region, ["HealthChecks__FastestIntervalSeconds"] = "1",
        };
        for (var i = 1; i <= ControlPlanes; i++)
            processes.Start($"control-plane-{i}", [Commands.Dotnet, directory.Program("ControlPlane")], environment);
    }

    public void StartNotifier(IReadOnlyDictionary<string, string> postgres, IReadOnlyDictionary<string, string> rabbitmq)
    {
        var environment = new Dictionary<string, string>(Broker(rabbitmq))
        {
            ["Database__ConnectionString"] = Database(postgres, "plc_notifier", _notifierPassword),
            // The provider's webhook destination is on this machine; a production notifier refuses such addresses.
            ["Delivery__AllowedPrivateDestinations__0"] = "127.0.0.0/8",
        };
        processes.Start("notifier", [Commands.Dotnet, directory.Program("Notifier")], environment);
    }

    public void StartAgents(IReadOnlyDictionary<string, string> rabbitmq, Uri api)
    {
        foreach (var zoneId in ZoneIds)
            for (var i = 1; i <= AgentsPerZone; i++) StartAgent($"{zoneId}-{i}", zoneId, rabbitmq, api);
    }

    private void StartAgent(string agentId, string zoneId, IReadOnlyDictionary<string, string> rabbitmq, Uri api)
    {
        var role = $"zone-agent-{agentId}";
        var token = Path.Combine(directory.Tokens, role);
        surroundings.Issuer.AddAgent(role, zoneId);
        File.WriteAllText(token, surroundings.Issuer.TokenFor(role));
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var environment = new Dictionary<string, string>
        {
            ["Agent__Broker__Host"] = rabbitmq["PLC_RABBITMQ_HOST"], ["Agent__Broker__Port"] = rabbitmq["PLC_RABBITMQ_PORT"],
            ["Agent__Broker__Username"] = rabbitmq["PLC_RABBITMQ_USER"], ["Agent__Broker__Password"] = rabbitmq["PLC_RABBITMQ_PASSWORD"],
            ["Agent__AgentId"] = agentId, ["Agent__ZoneId"] = zoneId, ["Agent__Instance"] = directory.Instance,
            ["Agent__StateDirectory"] = Path.Combine(directory.Agents, agentId),
            ["Agent__ControlPlane"] = api.ToString().TrimEnd('/'), ["Agent__TokenFile"] = token,
        };
        // What `down` needs to tell the agent to remove everything, written before the agent can have made anything.
        var record = Path.Combine(directory.Agents, $"{agentId}.environment.json");
        File.WriteAllText(record + ".new", JsonSerializer.Serialize(environment));
        File.Move(record + ".new", record, overwrite: true);
        processes.Start(role, [Commands.Dotnet, directory.Program("ZoneAgent")], environment);
    }

    private static Dictionary<string, string> Broker(IReadOnlyDictionary<string, string> rabbitmq) => new()
    {
        ["Broker__Host"] = rabbitmq["PLC_RABBITMQ_HOST"], ["Broker__Port"] = rabbitmq["PLC_RABBITMQ_PORT"], ["Broker__VirtualHost"] = "/",
        ["Broker__Username"] = rabbitmq["PLC_RABBITMQ_USER"], ["Broker__Password"] = rabbitmq["PLC_RABBITMQ_PASSWORD"],
    };

    private static string Database(IReadOnlyDictionary<string, string> postgres, string role, string password) =>
        $"Host={postgres["PLC_POSTGRES_HOST"]};Port={postgres["PLC_POSTGRES_PORT"]};Username={role};Password={password};Database=postgres";
}
