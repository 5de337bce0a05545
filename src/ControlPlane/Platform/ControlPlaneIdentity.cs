namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Which control plane this is: host and process id, unique while it lives.</summary>
public sealed record ControlPlaneIdentity(string Name)
{
    public static ControlPlaneIdentity OfThisProcess { get; } = new($"{Environment.MachineName}-{Environment.ProcessId}");
}
