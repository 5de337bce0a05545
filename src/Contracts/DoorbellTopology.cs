namespace PrivateLinkCloud.Contracts;

/// <summary>What publisher and agents must declare alike for <see cref="ZoneDoorbell"/>: a direct, transient exchange with the zone as routing key.</summary>
public static class DoorbellTopology
{
    public const string ExchangeType = "direct";
    public const bool Durable = false;
    public const bool AutoDelete = false;
}
