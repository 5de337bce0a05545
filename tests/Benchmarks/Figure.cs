using System.Globalization;
using System.Text.Json;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>One measured number beside what it is compared with and what it should be.</summary>
/// <param name="Ratio">Value divided by <paramref name="Against"/>, when there is something to compare with.</param>
/// <param name="Met">Null when the figure has no target.</param>
public sealed record Figure(string Name, double Value, string Unit, double? Ratio, double? Against, string? Target, bool? Met)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Figure AtMost(string name, double value, string unit, double limit) => new(name, value, unit, null, null, $"<= {Text(limit)}", value <= limit);
    public static Figure Plain(string name, double value, string unit) => new(name, value, unit, null, null, null, null);
    public static Figure RatioAtLeast(string name, double value, string unit, double against, double limit) => new(name, value, unit, value / against, against, $">= {Text(limit)} of it", value / against >= limit);
    public static Figure RatioAtMost(string name, double value, string unit, double against, double limit) => new(name, value, unit, value / against, against, $"<= {Text(limit)} of it", value / against <= limit);

    public static void Print(IReadOnlyList<Figure> figures, TextWriter to)
    {
        to.WriteLine($"{"figure",-44} {"value",12} {"unit",-6} {"against",12} {"ratio",7}  {"target",-14} met");
        foreach (var f in figures)
            to.WriteLine($"{f.Name,-44} {Text(f.Value),12} {f.Unit,-6} {Text(f.Against),12} {Text(f.Ratio),7}  {f.Target ?? "",-14} {(f.Met is { } met ? met ? "yes" : "NO" : "")}");
    }

    public static void Write(IReadOnlyList<Figure> figures, string path) => File.WriteAllText(path, JsonSerializer.Serialize(
        figures.Select(f => new { figure = f.Name, value = Round(f.Value), unit = f.Unit, ratio = Round(f.Ratio), against = Round(f.Against), target = f.Target, met = f.Met }), Indented));

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 3) : null;
    private static string Text(double? value) => value is { } v ? v.ToString(v >= 100 ? "F0" : "F2", CultureInfo.InvariantCulture) : "";
}

public static class Sample
{
    /// <summary>Nearest-rank percentile.</summary>
    public static double Percentile(this IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
