using System.Collections.Immutable;

namespace PrivateLinkCloud.DataPlane;

/// <summary>What an endpoint's flows through this relay add up to, since the relay was made. Probes are not counted.</summary>
/// <param name="NewFlows">Flows accepted.</param>
/// <param name="ActiveFlows">Accepted and not ended yet.</param>
/// <param name="BytesToTarget">Payload bytes taken from consumers.</param>
/// <param name="BytesToConsumer">Payload bytes taken from targets.</param>
/// <param name="Ends">How many flows ended in each way; ways that did not happen are absent.</param>
public sealed record EndpointCounters(
    long NewFlows, long ActiveFlows, long BytesToTarget, long BytesToConsumer, ImmutableSortedDictionary<FlowEnd, long> Ends);

/// <summary>The counting half: many flows add at once, without a lock.</summary>
internal sealed class EndpointMeter
{
    private static readonly FlowEnd[] Kinds = Enum.GetValues<FlowEnd>();
    private readonly long[] ends = new long[Kinds.Length];
    private long started, toTarget, toConsumer;

    public void Started() => Interlocked.Increment(ref started);

    public void Moved(FlowDirection direction, int bytes) =>
        Interlocked.Add(ref direction == FlowDirection.ToTarget ? ref toTarget : ref toConsumer, bytes);

    public void Ended(FlowEnd end) => Interlocked.Increment(ref ends[(int)end]);

    public EndpointCounters Snapshot()
    {
        // Ends are read before starts: a flow that starts and ends in between can make Active too high by one, never negative.
        var ended = Kinds.Select(kind => KeyValuePair.Create(kind, Interlocked.Read(ref ends[(int)kind]))).Where(e => e.Value > 0).ToImmutableSortedDictionary();
        var begun = Interlocked.Read(ref started);
        return new(begun, begun - ended.Values.Sum(), Interlocked.Read(ref toTarget), Interlocked.Read(ref toConsumer), ended);
    }
}
