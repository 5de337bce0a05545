using System.Net;
using Microsoft.Extensions.Configuration;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Resolvers;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>
/// What an operator sets, section <c>Agent</c>: by <c>--config FILE</c>, by environment (<c>Agent__ZoneId</c>), by command line
/// (<c>--Agent:ZoneId use1-az1</c>). Every knob with its default, unit and reason: deploy/zone-agent.default.jsonc.
/// </summary>
public sealed class AgentSettings
{
    public string AgentId { get; set; } = "";
    public string ZoneId { get; set; } = "";
    public string Instance { get; set; } = "plc";
    public string StateDirectory { get; set; } = "";
    public string ControlPlane { get; set; } = "";
    public string TokenFile { get; set; } = "";
    public BrokerSettings Broker { get; set; } = new();
    public double SlowPollSeconds { get; set; } = 10;
    public double AuditSeconds { get; set; } = 30;
    public int LeaseSeconds { get; set; } = 15;
    public double ReportSeconds { get; set; } = 5;
    public string EndpointDomain { get; set; } = "vpce.plc.internal";
    public IList<string> UpstreamResolvers { get; } = [];
    public DnsSettings Dns { get; set; } = new();
    public ProbeSettings Probe { get; set; } = new();
    public FabricSettings Fabric { get; set; } = new();
    public PlanStoreSettings PlanStore { get; set; } = new();

    public NamespaceNames Names => new(Instance, Fabric.RuntimeDirectory, Fabric.LockDirectory);

    public IReadOnlyList<Uri> ControlPlanes => [.. Words(ControlPlane).Select(word => new Uri(word.TrimEnd('/') + "/"))];

    public ResolverSettings Resolvers => new()
    {
        EndpointDomain = EndpointDomain.ToLowerInvariant(),
        Upstreams = [.. UpstreamResolvers.Select(IPEndPoint.Parse)],
        UpstreamTimeout = TimeSpan.FromSeconds(Dns.UpstreamTimeoutSeconds),
        MaxForwarded = Dns.MaxForwarded,
        MaxTcpConnections = Dns.MaxTcpConnections,
        TcpIdle = TimeSpan.FromSeconds(Dns.TcpIdleSeconds),
        HideOutsideVpc = Dns.HideOutsideVpc,
    };

    public static AgentSettings From(IConfiguration configuration)
    {
        var settings = new AgentSettings();
        var section = configuration.GetSection("Agent");
        section.Bind(settings);
        if (section["UpstreamResolvers"] is { } inOneWord) foreach (var word in Words(inOneWord)) settings.UpstreamResolvers.Add(word);
        return settings;
    }

    /// <summary>Null, or what is wrong with <see cref="Instance"/>: nothing of this host may be touched under such a name.</summary>
    public string? InstanceFault => IsName(Instance) ? null : "Agent:Instance is 1-64 letters, digits, '-' and '_', for it begins the names of namespaces and directories.";

    /// <summary>Sentences that say what to set; empty when the agent can start.</summary>
    /// <param name="isStatic">With <c>--plan FILE</c> there is no control plane, and the file names the zone.</param>
    public IEnumerable<string> Faults(bool isStatic)
    {
        if (InstanceFault is { } fault) yield return fault;
        if (!IsName(AgentId)) yield return "Agent:AgentId is missing: give this agent a name of 1-64 letters, digits, '-' and '_', unique on its host and in its zone.";
        foreach (var resolver in UpstreamResolvers)
            if (!IPEndPoint.TryParse(resolver, out var at) || at.Port == 0) yield return $"Agent:UpstreamResolvers: '{resolver}' is not ADDRESS:PORT.";
        foreach (var (name, value) in Positives)
            if (!(value > 0)) yield return $"Agent:{name} must be greater than 0.";
        if (isStatic) yield break;
        if (ZoneId.Length == 0) yield return "Agent:ZoneId is missing: name the zone that this agent serves, e.g. use1-az1.";
        if (StateDirectory.Length == 0) yield return "Agent:StateDirectory is missing: name a directory of this agent's own, in which it keeps its plan over restarts.";
        if (ControlPlane.Length == 0) yield return "Agent:ControlPlane is missing: give the control plane's base URL, or several separated by commas.";
        foreach (var word in Words(ControlPlane))
            if (!Uri.TryCreate(word, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) yield return $"Agent:ControlPlane: '{word}' is not an http(s) URL.";
        if (LeaseSeconds is < 1 or > 300) yield return "Agent:LeaseSeconds is 1-300.";
    }

    private IEnumerable<(string Name, double Value)> Positives =>
    [
        ("SlowPollSeconds", SlowPollSeconds), ("AuditSeconds", AuditSeconds), ("ReportSeconds", ReportSeconds), ("Probe:IntervalSeconds", Probe.IntervalSeconds),
        ("Probe:TimeoutSeconds", Probe.TimeoutSeconds), ("Dns:UpstreamTimeoutSeconds", Dns.UpstreamTimeoutSeconds), ("Dns:TcpIdleSeconds", Dns.TcpIdleSeconds),
        ("Dns:MaxForwarded", Dns.MaxForwarded), ("Dns:MaxTcpConnections", Dns.MaxTcpConnections), ("PlanStore:CompactAtMultiple", PlanStore.CompactAtMultiple),
    ];

    private static bool IsName(string text) => text.Length is >= 1 and <= 64 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string[] Words(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Where doorbells come from.</summary>
public sealed class BrokerSettings
{
    /// <summary>Empty: no broker; the slow timer alone brings news.</summary>
    public string Host { get; set; } = "";
    public ushort Port { get; set; } = 5672;
    public string VirtualHost { get; set; } = "/";
    public string Username { get; set; } = "guest";
    public string Password { get; set; } = "guest";
}

/// <summary>What the VPC resolvers of this agent tell, and what they may take.</summary>
public sealed class DnsSettings
{
    public bool HideOutsideVpc { get; set; } = true;
    public double UpstreamTimeoutSeconds { get; set; } = 2;
    public int MaxForwarded { get; set; } = 1000;
    public int MaxTcpConnections { get; set; } = 100;
    public double TcpIdleSeconds { get; set; } = 10;
}

/// <summary>How doors are probed.</summary>
public sealed class ProbeSettings
{
    public double IntervalSeconds { get; set; } = 1;
    public double TimeoutSeconds { get; set; } = 1;
}

/// <summary>How networks are made on this host.</summary>
public sealed class FabricSettings
{
    public string RuntimeDirectory { get; set; } = "/run";
    public string LockDirectory { get; set; } = "/run/lock";
    public string CongestionControl { get; set; } = "reno";
    public string LocalPortRange { get; set; } = "1024 65535";
}

/// <summary>How the plan is kept on disk.</summary>
public sealed class PlanStoreSettings
{
    public int CompactAtMultiple { get; set; } = 4;
    public long CompactAtLeastBytes { get; set; } = 1 << 20;
}
