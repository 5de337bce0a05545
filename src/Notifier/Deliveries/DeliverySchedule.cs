using System.Globalization;

namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>When attempts are made: data, so that an operator changes it without us.</summary>
/// <param name="Delays">The first is counted from arrival, each further one from the end of the attempt before it.</param>
/// <param name="LongestRetryAfter">A destination may ask for a longer pause than the schedule's, up to this.</param>
public sealed record DeliverySchedule(IReadOnlyList<TimeSpan> Delays, TimeSpan LongestRetryAfter)
{
    /// <summary>The example of Standard Webhooks 1.0.0: ten attempts over 75 h 35 min 5 s.</summary>
    public const string Default = "0, 5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400";

    /// <summary>Reads seconds, comma-separated. One text and not an array: configuration layers merge arrays by position.</summary>
    /// <exception cref="FormatException">Empty, or something that is not a number of seconds ≥ 0.</exception>
    public static DeliverySchedule Parse(string seconds, TimeSpan longestRetryAfter) =>
        new([.. seconds.Split(',', StringSplitOptions.TrimEntries).Select(Delay)], longestRetryAfter);

    private static TimeSpan Delay(string seconds) =>
        double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= TimeSpan.FromDays(365).TotalSeconds
            ? TimeSpan.FromSeconds(value)
            : throw new FormatException($"'{seconds}' is not a delay in seconds. Write the schedule like \"0, 5, 300\".");
}
