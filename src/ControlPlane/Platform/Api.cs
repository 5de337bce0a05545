using System.Text.Json;
using System.Text.Json.Serialization;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>What every slice's routes share: how a command is answered, how a list looks, how JSON is written.</summary>
public sealed class Api(CommandHandling commands)
{
    public static JsonSerializerOptions Json { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions json)
    {
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow; // an unknown field is a typing mistake, not a wish to be ignored
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true; // a field without a default is needed
        json.AllowDuplicateProperties = false;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        return json;
    }

    /// <summary>Handles a command and answers with the aggregate's shape, or with the refusal as a problem.</summary>
    public async Task<IResult> HandleAsync<T>(HttpContext http, string streamId, string command, Func<T?, Task<Decision>> decide, Func<T, object> shape,
        int status = StatusCodes.Status200OK, string? tenant = null) where T : class, IFold<T>
    {
        IdempotentAnswer Answer(T state) => new(status, JsonSerializer.Serialize(shape(state), Json));
        var handled = await commands.HandleAsync(tenant ?? Caller.From(http.User).Account, streamId, command, decide, http.RequestAborted, IdempotencyKeys.Of(http), (Func<T, IdempotentAnswer>)Answer);
        return handled.Rejection is { } rejection ? Problems.From(rejection) : TypedResults.Json(shape(handled.State!), Json, statusCode: status);
    }

    /// <summary>Deletion answers 204 without a body, however often it is asked for; but a part of something (a subnet, a listener's load balancer, a
    /// topic's subscription) is found no more once it or the whole has gone.</summary>
    public async Task<IResult> DeleteAsync<T>(HttpContext http, string streamId, string command, Func<T?, Task<Decision>> decide, string? tenant = null) where T : class, IFold<T>
    {
        var handled = await commands.HandleAsync(tenant ?? Caller.From(http.User).Account, streamId, command, decide, http.RequestAborted);
        return handled.Rejection is { } rejection ? Problems.From(rejection) : TypedResults.NoContent();
    }

    public static IResult Items<T>(IEnumerable<T> items) => TypedResults.Json(new ItemList<T>([.. items]), Json);
    public static IResult Item<T>(T item) => TypedResults.Json(item, Json);
}

/// <summary>Every list answers so; later additions (a cursor) stand beside the items.</summary>
public sealed record ItemList<T>(IReadOnlyList<T> Items);
