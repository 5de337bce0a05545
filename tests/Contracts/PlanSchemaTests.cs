using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrivateLinkCloud.Contracts.Tests;

/// <summary><c>deploy/plan.schema.json</c> is written by hand, for people; the records decide what is read. They may not drift apart: same kinds,
/// same property names, same required ones, same words.</summary>
public sealed class PlanSchemaTests
{
    private static readonly JsonElement s_schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plan.schema.json"))).RootElement;
    private static readonly Dictionary<string, Type> s_kinds = typeof(PlanEntry).GetCustomAttributes(inherit: false).OfType<JsonDerivedTypeAttribute>().ToDictionary(a => (string)a.TypeDiscriminator!, a => a.DerivedType);

    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    [Fact]
    public void The_schema_knows_every_kind_of_entry_and_no_other() =>
        Assert.Equal(s_kinds.Keys.Select(k => $"#/$defs/{k}").Order(), At("$defs", "entry", "oneOf").EnumerateArray().Select(r => r.GetProperty("$ref").GetString()!).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_entry_has_the_schemas_properties_and_its_required_ones(string kind)
    {
        Assert.Equal(kind, At("$defs", kind, "properties", "kind", "const").GetString());
        RequireSame(s_kinds[kind], At("$defs", kind), "kind");
    }

    [Fact]
    public void So_have_the_plan_and_the_parts_of_entries()
    {
        RequireSame(typeof(ZonePlan), s_schema);
        RequireSame(typeof(NodeListener), At("$defs", "node", "properties", "listeners", "items"));
        RequireSame(typeof(PlanTarget), At("$defs", "targetGroup", "properties", "targets", "items"));
        RequireSame(typeof(TargetHealthCheck), At("$defs", "targetGroup", "properties", "healthCheck"));
    }

    [Fact]
    public void The_kinds_of_names_are_the_same_words() =>
        Assert.Equal(Enum.GetValues<NameKind>().Select(k => JsonSerializer.Serialize(k, WireJson.Strict).Trim('"')), Words(At("$defs", "name", "properties", "nameKind", "enum")));

    /// <summary>Unknown properties are refused by both, so equal names mean equal files.</summary>
    private static void RequireSame(Type type, JsonElement schema, params string[] added)
    {
        var properties = WireJson.Strict.GetTypeInfo(type).Properties;
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(properties.Select(p => p.Name).Concat(added).Order(), schema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Order());
        Assert.Equal(properties.Where(p => p.IsRequired).Select(p => p.Name).Concat(added).Order(), (schema.TryGetProperty("required", out var required) ? Words(required) : []).Order());
    }

    private static IEnumerable<string> Words(JsonElement array) => array.EnumerateArray().Select(w => w.GetString()!);

    private static JsonElement At(params string[] path) => path.Aggregate(s_schema, (element, name) => element.GetProperty(name));
}
