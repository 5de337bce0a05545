using System.Globalization;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>What one process wrote down about one endpoint.</summary>
/// <param name="Process">Role of the process, the name of its log file.</param>
public sealed record WalkRecord(DateTimeOffset At, int EventId, string Process, string? Command, string Message);

/// <summary>Reads the walk out of the processes' own logs (JSON lines). The lab writes none of it.</summary>
public static class WalkRecords
{
    public static IReadOnlyList<WalkRecord> Read(LabDirectory directory, string endpointId, DateTimeOffset since) =>
        [.. Directory.GetFiles(directory.Logs, "*.log").SelectMany(log => ReadLog(log, endpointId)).Where(r => r.At >= since).OrderBy(r => r.At)];

    /// <summary>The first record of each station, as soon as every station has left one.</summary>
    /// <exception cref="LabException">Some station left none in time.</exception>
    public static async Task<IReadOnlyList<(WalkStation Station, WalkRecord Record)>> WalkAsync(LabDirectory directory, string endpointId, DateTimeOffset accept, CancellationToken ct)
    {
        IReadOnlyList<(WalkStation Station, WalkRecord? Record)> walk = [];
        var complete = await Until.TrueAsync(() =>
        {
            var records = Read(directory, endpointId, accept);
            walk = [.. WalkStation.All.Select(s => (s, records.FirstOrDefault(s.IsMarkedBy)))];
            return walk.All(w => w.Record is not null);
        }, TimeSpan.FromSeconds(15), ct);
        var silent = walk.Where(w => w.Record is null).Select(w => $"{w.Station.Number} ({w.Station.File})").ToList();
        return complete ? [.. walk.Select(w => (w.Station, w.Record!))]
            : throw new LabException($"No process left a record for {endpointId} at station {string.Join(", ", silent)}. See {directory.Logs}");
    }

    private static IEnumerable<WalkRecord> ReadLog(string log, string endpointId)
    {
        // The process is still writing; the last line may be half of one.
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
            if (line.Contains(endpointId, StringComparison.Ordinal) && Parse(line, Path.GetFileNameWithoutExtension(log), endpointId) is { } record)
                yield return record;
    }

    private static WalkRecord? Parse(string line, string process, string endpointId)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            if (!entry.TryGetProperty("State", out var state) || Field(state, "EndpointId") != endpointId) return null;
            var at = DateTimeOffset.Parse(entry.GetProperty("Timestamp").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return new WalkRecord(at, entry.GetProperty("EventId").GetInt32(), process, Field(state, "Command"), entry.GetProperty("Message").GetString()!);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Field(JsonElement state, string name) => state.TryGetProperty(name, out var value) ? value.ToString() : null;
}
