using System.Net.Sockets;

namespace PrivateLinkCloud.DataPlane;

internal enum FlowDirection { ToTarget, ToConsumer }

/// <summary>
/// The seam for the engine: everything before it (who, where to, whether) is the relay's, everything behind it (moving bytes) is the
/// carrier's. <see cref="SocketCarrier"/> is the portable one, and the partner any faster one is tested against.
/// </summary>
internal interface IFlowCarrier
{
    /// <summary>Takes over both connected sockets, for good. Nothing moves before <see cref="ICarriedFlow.Start"/>.</summary>
    ICarriedFlow Take(Socket consumer, Socket target, IFlowWatch watch);
}

internal interface ICarriedFlow
{
    void Start();

    /// <summary>Resets both sides and reports <paramref name="end"/>, unless the flow has ended already. Any thread.</summary>
    void Cut(FlowEnd end);

    /// <summary>Called now and then: look for a reset that no pending read would notice.</summary>
    void LookForReset();
}

/// <summary>What a carrier reports.</summary>
internal interface IFlowWatch
{
    /// <summary><paramref name="bytes"/> were taken from the sender and are on their way. One direction reports from one thread at a time.</summary>
    void Moved(FlowDirection direction, int bytes);

    /// <summary>Exactly once, after both sockets are closed.</summary>
    void Ended(FlowEnd end);
}
