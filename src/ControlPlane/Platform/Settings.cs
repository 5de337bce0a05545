using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Every knob of the control plane; defaults, units and reasons are in <c>deploy/control-plane.default.jsonc</c>.</summary>
public sealed record Settings
{
    public DatabaseSettings Database { get; init; } = new();
    public BrokerSettings Broker { get; init; } = new();
    public AuthSettings Auth { get; init; } = new();
    public HttpSettings Http { get; init; } = new();
    public PlatformSettings Platform { get; init; } = new();
    public EndpointSettings Endpoints { get; init; } = new();
    public HealthCheckSettings HealthChecks { get; init; } = new();
    public ZoneSettings Zones { get; init; } = new();

    /// <exception cref="InvalidOperationException">A knob is unknown or its value cannot be read: better said at start than passed over.</exception>
    public static Settings Read(IConfiguration configuration) => new()
    {
        Database = Section<DatabaseSettings>(configuration, "Database"),
        Broker = Section<BrokerSettings>(configuration, "Broker"),
        Auth = Section<AuthSettings>(configuration, "Auth"),
        Http = Section<HttpSettings>(configuration, "Http"),
        Platform = Section<PlatformSettings>(configuration, "Platform"),
        Endpoints = Section<EndpointSettings>(configuration, "Endpoints"),
        HealthChecks = Section<HealthCheckSettings>(configuration, "HealthChecks"),
        Zones = Section<ZoneSettings>(configuration, "Zones"),
    };

    /// <summary>A file is the control plane's alone (<c>Logging</c> is .NET's): a section it does not know is a typing mistake. The environment may hold others'.</summary>
    /// <exception cref="InvalidOperationException">It has such a section.</exception>
    public static void RefuseUnknownSections(IConfiguration file)
    {
        var known = typeof(Settings).GetProperties().Select(p => p.Name).Append("Logging").ToList();
        if (file.GetChildren().Select(s => s.Key).Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
            throw new InvalidOperationException($"The configuration file has a section '{unknown}'. There are {string.Join(", ", known)}.");
    }

    /// <summary>What a control plane cannot start without, as sentences.</summary>
    public IEnumerable<string> Faults()
    {
        if (Database.ConnectionString.Length == 0) yield return "Database:ConnectionString is needed: an Npgsql connection string, as role plc_control_plane.";
        if (!Uri.TryCreate(Auth.Authority, UriKind.Absolute, out var authority)) yield return "Auth:Authority is needed: the URL of the OIDC issuer whose tokens are accepted.";
        else if (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback) yield return "Auth:Authority must be https, except on loopback: its keys could be swapped on the way.";
        if (Auth.AcceptedAlgorithms.Length == 0) yield return "Auth:Algorithms names no algorithm, so no token could be accepted.";
        foreach (var wrong in Auth.AcceptedAlgorithms.Except(AuthSettings.Asymmetric)) yield return $"Auth:Algorithms: '{wrong}' is not one of {string.Join(", ", AuthSettings.Asymmetric)}. A shared secret would let whoever knows it make tokens.";
    }

    private static T Section<T>(IConfiguration configuration, string name) where T : new() =>
        configuration.GetSection(name).Get<T>(o => o.ErrorOnUnknownConfiguration = true) ?? new T();
}

public sealed record DatabaseSettings
{
    public string ConnectionString { get; init; } = "";

    /// <summary>Read by <c>migrate</c> alone: passwords for the roles it makes.</summary>
    public string? ControlPlanePassword { get; init; }
    public string? NotifierPassword { get; init; }
    public double IdempotencyKeyHours { get; init; } = 24;
}

public sealed record BrokerSettings
{
    public string Host { get; init; } = "127.0.0.1";
    public ushort Port { get; init; } = 5672;
    public string VirtualHost { get; init; } = "/";
    public string Username { get; init; } = "";
    public string Password { get; init; } = "";
}

public sealed record AuthSettings
{
    public string Authority { get; init; } = "";
    public string Audience { get; init; } = "privatelinkcloud";

    /// <summary>One text, because configuration would append to a list and never take anything out.</summary>
    public string Algorithms { get; init; } = "RS256, ES256";

    /// <summary>All that signs with a key the issuer keeps to itself.</summary>
    internal static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    internal string[] AcceptedAlgorithms => Algorithms.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

public sealed record HttpSettings
{
    public string Address { get; init; } = "127.0.0.1";
    public int Port { get; init; } = 8080;
    public bool ReusePort { get; init; }
}

public sealed record PlatformSettings
{
    public string Region { get; init; } = "us-east-1";
    public string Partition { get; init; } = Naming.Default.Partition;
    public string ServicePrefix { get; init; } = Naming.Default.ServicePrefix;
    public string EndpointDomain { get; init; } = Naming.Default.EndpointDomain;
    public int EndpointsPerVpc { get; init; } = 50;

    public Naming Naming => new(Partition, ServicePrefix, EndpointDomain);
}

public sealed record EndpointSettings
{
    public double ExpireAfterSeconds { get; init; } = EndpointTimes.Default.ExpireAfter.TotalSeconds;
    public double PartialAfterSeconds { get; init; } = EndpointTimes.Default.PartialAfter.TotalSeconds;
    public double FailAfterSeconds { get; init; } = EndpointTimes.Default.FailAfter.TotalSeconds;
    public double DnsTtlSeconds { get; init; } = EndpointTimes.Default.DnsTtl.TotalSeconds;
    public double DrainSeconds { get; init; } = EndpointTimes.Default.Drain.TotalSeconds;

    public EndpointTimes Times => new(
        TimeSpan.FromSeconds(ExpireAfterSeconds), TimeSpan.FromSeconds(PartialAfterSeconds), TimeSpan.FromSeconds(FailAfterSeconds),
        TimeSpan.FromSeconds(DnsTtlSeconds), TimeSpan.FromSeconds(DrainSeconds));
}

public sealed record HealthCheckSettings
{
    public double FastestIntervalSeconds { get; init; } = 5;
}

public sealed record ZoneSettings
{
    public double DeadlineTickSeconds { get; init; } = 1;
    public int TombstonesKept { get; init; } = 10_000;
}
