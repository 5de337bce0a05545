namespace PrivateLinkCloud.Contracts;

/// <summary>
/// How <see cref="ZoneDoorbell"/> travels over the broker; the publisher and the agents declare the exchange alike, or the
/// broker refuses the second of them. Nothing here survives a broker restart on purpose: a doorbell carries no truth.
/// </summary>
public static class DoorbellTopology
{
    /// <summary>Routed by the zone id, so that a zone's agents hear their own zone alone.</summary>
    public const string ExchangeType = "direct";
    public const bool Durable = false;

    /// <summary>False: the exchange outlives the moment in which no agent is bound.</summary>
    public const bool AutoDelete = false;
}
