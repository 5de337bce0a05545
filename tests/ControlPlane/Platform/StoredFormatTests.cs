using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using MassTransit.Serialization;
using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>The golden files, read and written by what runs in production: the event store's own serializer and names, and the broker's serializer.
/// The tests of Domain and Contracts, which know neither, use copies.</summary>
public sealed class StoredFormatTests
{
    private static readonly ISerializer Store = EventStore().Serializer();

    public static TheoryData<string> Names() => [.. EventCatalog.StoredNames.Values.Order(StringComparer.Ordinal)];

    [Fact]
    public void The_names_that_are_stored_are_the_golden_files() =>
        Assert.Equal(EventCatalog.StoredNames.Values.Order(StringComparer.Ordinal), Directory.GetFiles(Events, "*.v1.json").Select(f => Path.GetFileName(f)[..^".v1.json".Length]).Order(StringComparer.Ordinal));

    [Fact]
    public void The_event_store_knows_each_event_by_its_stored_name()
    {
        var known = ((IReadOnlyStoreOptions)EventStore()).Events.AllKnownEventTypes().ToDictionary(t => t.EventType, t => t.EventTypeName);
        Assert.All(EventCatalog.StoredNames, e => Assert.Equal(e.Value, known[e.Key]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_event_store_reads_each_version_and_writes_the_newest(string name)
    {
        var type = EventCatalog.StoredNames.Single(e => e.Value == name).Key;
        var versions = Directory.GetFiles(Events, $"{name}.v?.json").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        Assert.All(versions, golden => Assert.NotNull(Read(golden, type)));
        AssertSame(versions[^1], Store.ToJson(Read(versions[^1], type)));
    }

    /// <summary>Around it the broker's library puts an envelope of its own; this is what stands under "message".</summary>
    [Fact]
    public void The_broker_carries_messages_as_the_golden_files_say()
    {
        AssertCarried<DueNotification>("due-notification");
        AssertCarried<ZoneDoorbell>("zone-doorbell");
        AssertCarried<CommitNotice>("commit-notice");
    }

    private static string Events => Path.Combine(ControlPlaneFixture.MigrationsDirectory, "events");

    private static void AssertCarried<T>(string name)
    {
        var golden = File.ReadAllText(Path.Combine(ControlPlaneFixture.Root, "tests", "Contracts", "Golden", $"{name}.v1.json"));
        AssertSame(golden, JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(golden, SystemTextJsonMessageSerializer.Options), SystemTextJsonMessageSerializer.Options));
    }

    private static object Read(string golden, Type type) => Store.FromJson(type, new MemoryStream(Encoding.UTF8.GetBytes(golden)));

    private static void AssertSame(string golden, string written) => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), JsonNode.Parse(written)), $"{golden}\nis written as\n{written}");

    /// <summary>Configured as in production; nothing is connected to.</summary>
    private static StoreOptions EventStore()
    {
        var options = new StoreOptions();
        MartenSetup.Configure(options, NpgsqlDataSource.Create("Host=127.0.0.1"));
        return options;
    }
}
