using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// What was ever stored must always be read: <c>migrations/events</c> holds one JSON per event version. A change that cannot read an old
/// one fails here, before it meets a customer's database. With <c>PLC_WRITE_GOLDEN=1</c> missing files are written; existing ones never are.
/// </summary>
public sealed partial class GoldenEventTests
{
    /// <summary>As the event store is configured, which Domain does not know; <c>tests/ControlPlane</c> (StoredFormatTests) reads and writes the same
    /// files with the event store's own serializer and names.</summary>
    internal static readonly JsonSerializerOptions Stored = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Readable = new(Stored) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string Folder = Path.Combine(Root(), "migrations", "events");

    public static TheoryData<string> Names() => [.. EventSamples.Types.Select(StoredName)];

    [Fact]
    public void Every_event_has_one_sample_here_and_every_stored_name_is_unique()
    {
        Assert.Equal(EventSamples.Types.Select(t => t.Name).Order(), EventSamples.All.Select(e => e.GetType().Name).Order());
        Assert.Equal(EventSamples.Types.Count, EventSamples.Types.Select(StoredName).Distinct().Count());
    }

    [Fact]
    public void Every_event_has_its_golden_files_and_none_is_left_over()
    {
        if (Environment.GetEnvironmentVariable("PLC_WRITE_GOLDEN") == "1") WriteMissing();
        var versions = EventSamples.Types.SelectMany(t => Enumerable.Range(1, Math.Max(1, VersionsOf(StoredName(t)).Count)).Select(v => $"{StoredName(t)}.v{v}.json"));
        Assert.Equal(versions.Order(StringComparer.Ordinal), Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Additive changes only: an older version lacks what came later, and is read nevertheless.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_version_ever_stored_is_read(string name) =>
        Assert.All(VersionsOf(name), path => Assert.NotNull(JsonSerializer.Deserialize(File.ReadAllText(path), Sample(name).GetType(), Stored)));

    /// <summary>A field that the newest file lacks would be stored from now on without ever having been sampled: give it a version of its own.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_newest_version_is_what_is_stored_today_and_is_read_as_it_was_meant(string name)
    {
        var (sample, golden) = (Sample(name), File.ReadAllText(VersionsOf(name)[^1]).TrimEnd());
        Assert.Equal(golden, JsonSerializer.Serialize(sample, sample.GetType(), Readable));
        Assert.Equal(golden, JsonSerializer.Serialize(JsonSerializer.Deserialize(golden, sample.GetType(), Stored), sample.GetType(), Readable));
    }

    private static object Sample(string name) => EventSamples.All.Single(e => StoredName(e.GetType()) == name);

    /// <summary>Oldest first; at most nine, which a text order can bear.</summary>
    private static List<string> VersionsOf(string name) => [.. Directory.GetFiles(Folder, $"{name}.v?.json").Order(StringComparer.Ordinal)];

    private static void WriteMissing()
    {
        Directory.CreateDirectory(Folder);
        foreach (var sample in EventSamples.All)
        {
            var path = Path.Combine(Folder, $"{StoredName(sample.GetType())}.v1.json");
            if (!File.Exists(path)) File.WriteAllText(path, JsonSerializer.Serialize(sample, sample.GetType(), Readable) + "\n");
        }
    }

    /// <summary>As <c>EventCatalog</c> makes it (StoredFormatTests holds it to these files). A renamed type needs its old name there and here.</summary>
    private static string StoredName(Type type) => SnakeCase().Replace(type.Name, "_$1").ToLowerInvariant();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PrivateLinkCloud.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("PrivateLinkCloud.sln is in none of the folders above the tests.");
    }

    [GeneratedRegex("(?<!^)([A-Z])")] private static partial Regex SnakeCase();
}
