namespace PrivateLinkCloud.Lab;

/// <summary>The product's own PostgreSQL and RabbitMQ: private instances on free loopback ports, run by <c>deploy/components.sh</c>.</summary>
public static class PrivateComponents
{
    public const string Postgres = "postgres";
    public const string Rabbitmq = "rabbitmq";

    /// <summary>Starts one and returns what its env file says (<c>PLC_POSTGRES_PORT</c> and the like).</summary>
    public static async Task<IReadOnlyDictionary<string, string>> UpAsync(LabDirectory directory, string component, CancellationToken ct)
    {
        await Commands.RunAsync(["bash", directory.Script("components.sh"), component, "up", directory.Components], ct: ct);
        return File.ReadLines(Path.Combine(directory.Components, $"{component}.env"))
            .Select(line => line.Split('=', 2)).Where(p => p.Length == 2).ToDictionary(p => p[0], p => p[1].Trim('\''));
    }

    public static Task DownAsync(LabDirectory directory, string component) =>
        Commands.RunAsync(["bash", directory.Script("components.sh"), component, "down", directory.Components]);

    public static int ProcessId(LabDirectory directory, string component) =>
        int.Parse(File.ReadAllText(Path.Combine(directory.Components, $"{component}.pid")), System.Globalization.CultureInfo.InvariantCulture);
}
