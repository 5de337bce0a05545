using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

/// <summary>What the relay tells its agent. Called on the relay's threads: return quickly, do not throw, do not call
/// <see cref="Relay.Apply"/>, and wait for no lock that is held around a call to it (some calls come from inside it).</summary>
public interface IRelayEvents
{
    /// <summary>Once per flow, after its counters are final.</summary>
    void FlowEnded(FlowRecord flow);

    /// <summary>A flow has its target, and its first byte is about to be carried. Told for every flow: nearly always there is nothing to do.</summary>
    void FlowConnected(Door door, string zoneId, Target target)
    {
    }

    /// <summary>A target went in or out of service, or stays out for another reason. A new target's first state, initial, is not told; see <see cref="Relay.Health"/>.</summary>
    void TargetHealthChanged(TargetKey target, TargetHealth health);
}

public readonly record struct TargetKey(string TargetGroupKey, IPAddress Address, int Port);

public enum HealthStatus { Initial, Healthy, Unhealthy }

/// <param name="Reason">The vendor's reason code, e.g. <c>Target.FailedHealthChecks</c>; null when healthy.</param>
public sealed record TargetHealth(HealthStatus Status, string? Reason);

/// <summary>A port of a door that could not be opened. Applying the same table again with the door named tries again.</summary>
public sealed record DoorTrouble(string DoorKey, int Port, SocketError Error, string Reason);
