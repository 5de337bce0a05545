using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace PrivateLinkCloud.Contracts;

/// <summary>How contract values are written: camelCase, enums as camelCase words, nulls left out.</summary>
public static class WireJson
{
    /// <summary>Between our own processes: an unknown property is a newer version's, and is passed over.</summary>
    public static JsonSerializerOptions Tolerant { get; } = Make(JsonUnmappedMemberHandling.Skip);

    /// <summary>For what people write by hand (plan files): an unknown property is a typing mistake, and refuses the whole.</summary>
    public static JsonSerializerOptions Strict { get; } = Make(JsonUnmappedMemberHandling.Disallow);

    private static JsonSerializerOptions Make(JsonUnmappedMemberHandling unknown)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            UnmappedMemberHandling = unknown,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(RefuseNullItems),
            AllowDuplicateProperties = unknown == JsonUnmappedMemberHandling.Skip,
            AllowOutOfOrderMetadataProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>The serializer respects nullable annotations of properties, but not of what a list holds.</summary>
    private static void RefuseNullItems(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.Set is { } set && typeof(IEnumerable<object>).IsAssignableFrom(property.PropertyType))
                property.Set = (owner, value) =>
                {
                    if (value is IEnumerable<object?> items && items.Contains(null)) throw new JsonException($"'{property.Name}' holds a null.");
                    set(owner, value);
                };
    }
}
