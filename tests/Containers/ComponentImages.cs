namespace PrivateLinkCloud.Containers;

/// <summary>
/// Which container images the tests start: those the environment names, so that a machine without a registry can
/// name its own, otherwise the official ones pinned in <c>deploy/images/official.env</c>.
/// </summary>
public static class ComponentImages
{
    public static string Postgres => Named("PLC_POSTGRES_IMAGE");

    public static string RabbitMq => Named("PLC_RABBITMQ_IMAGE");

    private static string Named(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } image ? image : Official(variable);

    private static string Official(string variable) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "official.env"))
            .Single(line => line.StartsWith(variable + '=', StringComparison.Ordinal))[(variable.Length + 1)..];
}
