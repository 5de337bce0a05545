using System.Net;

namespace PrivateLinkCloud.DataPlane;

/// <summary>One flow, told once, when it has ended.</summary>
/// <param name="Client">The consumer's address and port as the door saw them.</param>
/// <param name="ListenerPort">The port of the door that was connected to.</param>
/// <param name="Target">The target that was connected; null when none was.</param>
/// <param name="ZoneId">The zone of the node that carried it.</param>
/// <param name="TargetZoneId">The target's zone; null when none was connected. Differs from <paramref name="ZoneId"/> on a cross-zone flow (S-46).</param>
/// <param name="BytesToTarget">Payload bytes taken from the consumer.</param>
/// <param name="BytesToConsumer">Payload bytes taken from the target.</param>
/// <param name="Duration">From accept to end.</param>
public sealed record FlowRecord(
    string EndpointId, string DoorKey, IPEndPoint Client, int ListenerPort, IPEndPoint? Target, string ZoneId, string? TargetZoneId,
    long BytesToTarget, long BytesToConsumer, DateTimeOffset StartedAt, TimeSpan Duration, FlowEnd End);
