using System.Text.Json;

namespace PrivateLinkCloud.Contracts.Tests;

/// <summary>How contract values are written and read: between versions tolerantly, from people's hands strictly.</summary>
public sealed class WireJsonTests
{
    private static readonly JsonSerializerOptions Indented = new(WireJson.Tolerant) { WriteIndented = true };

    public static TheoryData<string> Kinds() => [.. Samples.Entries.Select(e => e.Key)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_plan_entry_comes_back_as_it_was(string key)
    {
        var entry = Samples.Entries.Single(e => e.Key == key);
        foreach (var options in (JsonSerializerOptions[])[WireJson.Tolerant, WireJson.Strict])
        {
            var back = JsonSerializer.Deserialize<PlanEntry>(JsonSerializer.Serialize(entry, options), options);
            Assert.Equal(entry, back);
            Assert.NotSame(entry, back);
        }
    }

    [Fact]
    public void The_entry_kinds_are_all_sampled() =>
        Assert.Equal(typeof(PlanEntry).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(PlanEntry))).Select(t => t.Name).Order(), Samples.Entries.Select(e => e.GetType().Name).Distinct().Order());

    [Fact]
    public void Plans_reports_doorbells_and_notifications_come_back_as_they_were()
    {
        AssertComesBack(Samples.Plan);
        AssertComesBack(Samples.Report);
        AssertComesBack(Samples.Due);
        AssertComesBack(Samples.Doorbell);
        AssertComesBack(Samples.Notice);
    }

    [Fact]
    public void An_entry_that_differs_in_one_nested_value_is_another()
    {
        Assert.NotEqual(Samples.Node, Samples.Node with { Listeners = [Samples.Node.Listeners[0]] });
        Assert.NotEqual(Samples.Group, Samples.Group with { Targets = [.. Samples.Group.Targets.Reverse()] });
        Assert.NotEqual(Samples.Name, Samples.Name with { DoorKeys = [Samples.Door.Key] });
        Assert.NotEqual<PlanEntry>(Samples.Door, Samples.Door with { Revision = 99 });
        Assert.Equal(Samples.Node, Samples.Node with { Listeners = [.. Samples.Node.Listeners] });
    }

    [Theory]
    [InlineData("""{"kind":"network","key":"network/vpc-a","vpcId":"vpc-a","cidr":"10.0.0.0/16","mtu":8500}""")]
    [InlineData("""{"kind":"network","key":"network/vpc-a","vpcId":"vpc-a","cidr":"10.0.0.0/16","vpcId":"vpc-a"}""")]
    public void An_unknown_or_doubled_field_is_a_newer_version_or_a_typing_mistake(string json)
    {
        Assert.Equal("10.0.0.0/16", ((NetworkEntry)JsonSerializer.Deserialize<PlanEntry>(json, WireJson.Tolerant)!).Cidr);
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<PlanEntry>(json, WireJson.Strict));
    }

    [Theory]
    [InlineData("""{"kind":"network","key":"network/vpc-a","vpcId":"vpc-a"}""")] // required field missing
    [InlineData("""{"kind":"network","key":"network/vpc-a","vpcId":null,"cidr":"10.0.0.0/16"}""")]
    [InlineData("""{"kind":"tunnel","key":"tunnel/1"}""")]
    [InlineData("""{"key":"network/vpc-a","vpcId":"vpc-a","cidr":"10.0.0.0/16"}""")] // no kind
    [InlineData("""{"kind":"name","key":"k","vpcId":"vpc-a","name":"a.b","nameKind":2,"doorKeys":[]}""")] // enums are words
    [InlineData("""{"kind":"name","key":"k","vpcId":"vpc-a","name":"a.b","nameKind":"global","doorKeys":[]}""")]
    [InlineData("""{"kind":"network","key":"network/vpc-a","vpcId":"vpc-a","cidr":"10.0.0.0/16"} trailing""")]
    public void What_is_missing_null_or_unheard_of_is_refused_by_both(string json)
    {
        // An entry without a kind is the abstract type itself, which the serializer reports as not supported.
        Assert.True(Record.Exception(() => JsonSerializer.Deserialize<PlanEntry>(json, WireJson.Tolerant)) is JsonException or NotSupportedException);
        Assert.True(Record.Exception(() => JsonSerializer.Deserialize<PlanEntry>(json, WireJson.Strict)) is JsonException or NotSupportedException);
    }

    [Theory]
    [InlineData(typeof(ZonePlan), """{"zoneId":"z","epoch":"e","revision":1,"whole":true,"entries":[null]}""", "entries")]
    [InlineData(typeof(ZonePlan), """{"zoneId":"z","epoch":"e","revision":1,"whole":false,"removed":["a",null]}""", "removed")]
    [InlineData(typeof(PlanEntry), """{"kind":"node","key":"k","loadBalancerArn":"a","vpcId":"v","zoneId":"z","address":"10.0.0.9","listeners":[null]}""", "listeners")]
    [InlineData(typeof(PlanEntry), """{"kind":"targetGroup","key":"k","targetGroupArn":"a","vpcId":"v","healthCheck":{},"targets":[null]}""", "targets")]
    [InlineData(typeof(PlanEntry), """{"kind":"name","key":"k","vpcId":"v","name":"n","nameKind":"zonal","doorKeys":[null]}""", "doorKeys")]
    [InlineData(typeof(ZoneReport), """{"agentId":"a","epoch":"e","revision":1,"leaseSeconds":1,"targets":[null]}""", "targets")]
    public void A_list_that_holds_a_null_is_refused_by_name(Type type, string json, string field)
    {
        foreach (var options in (JsonSerializerOptions[])[WireJson.Tolerant, WireJson.Strict])
            Assert.Contains($"'{field}' holds a null", Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, type, options)).Message);
    }

    [Fact]
    public void The_kind_may_stand_anywhere_in_an_entry() =>
        Assert.Equal(Samples.ProviderNetwork, JsonSerializer.Deserialize<PlanEntry>("""{"key":"network/vpc-a","revision":1,"vpcId":"vpc-a","cidr":"10.0.0.0/16","kind":"network"}""", WireJson.Strict));

    /// <summary>An agent of the previous version reads this very text: a field that is renamed or gone fails here.</summary>
    [Fact]
    public void The_plan_is_written_as_the_golden_file_says()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "zone-plan.v1.json")).TrimEnd();
        Assert.Equal(golden, JsonSerializer.Serialize(Samples.Plan, Indented));
        Assert.Equal(golden, JsonSerializer.Serialize(JsonSerializer.Deserialize<ZonePlan>(golden, WireJson.Strict), Indented));
    }

    /// <summary>Queues and databases may hold what the previous version wrote; its processes read what this one writes.</summary>
    [Fact]
    public void Reports_doorbells_notices_and_notifications_are_written_as_the_golden_files_say()
    {
        AssertIsGolden("zone-report", Samples.Report);
        AssertIsGolden("zone-doorbell", Samples.Doorbell);
        AssertIsGolden("commit-notice", Samples.Notice);
        AssertIsGolden("due-notification", Samples.Due);
    }

    private static void AssertIsGolden<T>(string name, T value)
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.v1.json")).TrimEnd();
        Assert.Equal(golden, JsonSerializer.Serialize(value, Indented));
        Assert.Equal(golden, JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(golden, WireJson.Tolerant), Indented));
    }

    private static void AssertComesBack<T>(T value)
    {
        var json = JsonSerializer.Serialize(value, WireJson.Tolerant);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<T>(json, WireJson.Strict), WireJson.Tolerant));
    }
}
