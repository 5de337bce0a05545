using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>What goes wrong before or beside the law, as problems too: unreadable bodies, unknown routes, a database that is away.</summary>
public static class Refusals
{
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException e)
        {
            await Unreadable(e).ExecuteAsync(context);
        }
        catch (JsonException e)
        {
            await Unreadable(e).ExecuteAsync(context);
        }
        catch (Exception e) when (Find<PostgresException>(e) is { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter })
        {
            await Problems.Of(400, "InvalidCharacter", "The request holds a character that cannot be stored (U+0000). Leave it out.").ExecuteAsync(context);
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            context.RequestServices.GetRequiredService<ILogger<Api>>().RequestFailed(e);
            await (Find<NpgsqlException>(e) is { IsTransient: true } ? Problems.Of(503, "DatabaseUnavailable", "The event store cannot be reached. Nothing was stored. Try again.")
                : Problems.Of(500, "InternalError", "Something broke on our side; it is in the log. Retry with the same Idempotency-Key to be safe.")).ExecuteAsync(context);
        }
    }

    /// <summary>Answers that no route wrote: unknown paths, wrong methods, bodies that are not JSON.</summary>
    public static Task StatusCodeAsync(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var (code, detail) = status switch
        {
            404 => ("RouteNotFound", "There is nothing at this path. GET /openapi/v1.json lists what there is."),
            405 => ("MethodNotAllowed", "The path exists, but not for this method. GET /openapi/v1.json lists its methods."),
            413 => ("BodyTooLarge", "The body is larger than 1 MiB. Send less at a time."),
            415 => ("UnsupportedMediaType", "Send the body as application/json."),
            _ => ("Refused", "The request was refused."),
        };
        return Problems.Of(status, code, detail).ExecuteAsync(context.HttpContext);
    }

    private static T? Find<T>(Exception? e) where T : Exception => e is null or T ? (T?)e : Find<T>(e.InnerException);

    private static IResult Unreadable(Exception e)
    {
        if (e is BadHttpRequestException { StatusCode: 413 }) return Problems.Of(413, "BodyTooLarge", "The body is larger than 1 MiB. Send less at a time.");
        if (e is BadHttpRequestException { StatusCode: 415 }) return Problems.Of(415, "UnsupportedMediaType", "Send the body as application/json.");
        if ((e as JsonException ?? e.InnerException as JsonException) is not { } json) return Unbound(e.Message);
        if (json.Message.Contains("could not be mapped to any .NET member", StringComparison.Ordinal))
            return Problems.Of(400, "UnknownField", $"The body has a field this API does not know: {json.Path}. Check the spelling.");
        return json.Message.Contains("missing required", StringComparison.Ordinal)
            ? Problems.Of(400, "MissingField", $"The body lacks a required field. {Fields(json.Message)}")
            : Problems.Of(400, "InvalidBody", $"The body is not the JSON this route takes, at {json.Path ?? "$"} (line {json.LineNumber + 1}, byte {json.BytePositionInLine}).");
    }

    /// <summary>A missing body, or a parameter that is not what it should be. The framework's sentence names our types; the caller needs the field.</summary>
    private static IResult Unbound(string message) => message.Split('"') is [_, var parameter, _, var value, ..]
        ? Problems.Of(400, "InvalidParameterValue", $"'{value}' is not a value for {parameter.Split(' ')[^1]}. Send one of the type the API description names.")
        : Problems.Of(400, "InvalidBody", "The request needs a JSON object as its body.");

    /// <summary>The serializer names the missing members between quotes; the rest of its sentence is about our code.</summary>
    private static string Fields(string message) => "Needed: " + string.Join(", ", message.Split('\'').Where((_, i) => i % 2 == 1).Where(f => !f.Contains('.', StringComparison.Ordinal))) + ".";
}
