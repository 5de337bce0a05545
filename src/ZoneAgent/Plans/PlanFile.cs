using System.Text.Json;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>A plan written by hand (schema: deploy/plan.schema.json): read strictly, for an unknown word in it is a typing mistake.</summary>
public static class PlanFile
{
    /// <summary>What tells a file from the same file later: good enough for a hand that edits it.</summary>
    public static (DateTime Written, long Bytes) StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    /// <exception cref="PlanFileException">Its message is one sentence for the operator.</exception>
    public static PlanFileReading Read(string path)
    {
        var stamp = StampOf(path); // before the reading: a change in between is then seen as one, and read again
        return new PlanFileReading(path, stamp, Parse(path));
    }

    private static ZonePlan Parse(string path)
    {
        try
        {
            var plan = JsonSerializer.Deserialize<ZonePlan>(File.ReadAllText(path), WireJson.Strict)
                ?? throw new PlanFileException($"{path} holds 'null'; write a plan, or '\"empty\": true' in one.");
            if (!plan.Whole || plan.Removed.Count > 0) throw new PlanFileException($"{path} must say '\"whole\": true' and remove nothing: a plan file is all there is.");
            return plan;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PlanFileException($"The plan file cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new PlanFileException($"{path} is not a plan: {e.Message}");
        }
    }
}

/// <summary>A plan file as it was read.</summary>
public sealed record PlanFileReading(string Path, (DateTime Written, long Bytes) Stamp, ZonePlan Plan);

/// <summary>The agent cannot start with this; the message is one sentence for the operator.</summary>
public sealed class PlanFileException(string message) : Exception(message);
