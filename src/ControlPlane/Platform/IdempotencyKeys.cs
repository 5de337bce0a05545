using System.Security.Cryptography;
using System.Text;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>What was answered under a key, to be said again word for word.</summary>
public sealed record IdempotentAnswer(int Status, string Body);

/// <summary>The key of the request at hand: a client token and an <c>Idempotency-Key</c> are the same thing, in one table.</summary>
/// <param name="Tenant">Whose keys: an account's, or the platform's, which all its operators share.</param>
/// <param name="RequestHash">Over path and body (the method is always POST): the same key with another request is a mistake worth telling.</param>
public sealed record IdempotentRequest(string Tenant, string Key, byte[] RequestHash);

/// <summary>
/// A request repeated with its <c>Idempotency-Key</c> gets the first answer again and does nothing. The answer is stored in the
/// transaction of the events, so there is no moment in which one exists without the other. Refusals are not kept: nothing happened.
/// Only POST has keys: PATCH and DELETE say how things shall be, so saying it twice changes nothing more.
/// </summary>
public sealed class IdempotencyKeys(NpgsqlDataSource database)
{
    public const string Header = "Idempotency-Key";
    public const int KeyLengthMax = 255;

    /// <summary>Middleware: reads the body once to hash it, before routing binds it.</summary>
    public static async Task ReadAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Headers[Header].ToString() is { Length: > 0 } key)
        {
            context.Request.EnableBuffering();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Path}\n"));
            var buffer = new byte[4096];
            for (int n; (n = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0;) hash.AppendData(buffer, 0, n);
            context.Request.Body.Position = 0;
            context.Items[Header] = (key, hash.GetHashAndReset());
        }
        await next(context);
    }

    /// <summary>Route filter, after the tenant is known: answers a repeated request from the table.</summary>
    public async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        if (Of(invocation.HttpContext) is not { } request) return await next(invocation);
        if (request.Key.Length > KeyLengthMax) return Problems.Of(400, "InvalidIdempotencyKey", $"{Header} has at most {KeyLengthMax} characters.");
        if (await FindAsync(request, invocation.HttpContext.RequestAborted) is { } earlier) return earlier;
        try
        {
            var answer = await next(invocation);
            // Refused, perhaps only because the same request, sent twice at once, has taken the name or the last place meanwhile.
            return answer is ProblemHttpResult && await FindAsync(request, invocation.HttpContext.RequestAborted) is { } winner ? winner : answer;
        }
        catch (Exception e) when (IsKeyCollision(e)) // the same request, twice at once: the other one won
        {
            if (await FindAsync(request, invocation.HttpContext.RequestAborted) is { } first) return first;
            throw;
        }
    }

    public static IdempotentRequest? Of(HttpContext context) =>
        context.Items[Header] is (string key, byte[] hash) ? new IdempotentRequest(ScopeOf(Caller.From(context.User)), key, hash) : null;

    /// <summary>By the role: a platform operator's token may name a tenant besides, and must not meet that tenant's keys.</summary>
    private static string ScopeOf(Caller caller) => caller.Role == CallerRole.PlatformOperator ? MartenSetup.PlatformTenant : caller.Account;

    /// <summary>Stores an answer outside a command's transaction: for a wish that was already true and stored no events.</summary>
    public async Task StoreAsync(IdempotentRequest request, IdempotentAnswer answer, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Insert(request, answer) } };
        await batch.ExecuteNonQueryAsync(ct);
    }

    private async Task<IResult?> FindAsync(IdempotentRequest request, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select request_hash, status, body from app.idempotency_key where tenant = $1 and key = $2");
        command.Parameters.Add(new() { Value = request.Tenant });
        command.Parameters.Add(new() { Value = request.Key });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct)) return null;
        return reader.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(request.RequestHash)
            ? TypedResults.Text(reader.GetString(2), "application/json", Encoding.UTF8, reader.GetInt32(1))
            : Problems.Of(StatusCodes.Status422UnprocessableEntity, "IdempotentParameterMismatch", "The idempotency key was used with another request. Use a new key for a new request.");
    }

    /// <summary>To be run in the transaction of the events.</summary>
    internal static NpgsqlBatchCommand Insert(IdempotentRequest request, IdempotentAnswer answer) => new("insert into app.idempotency_key (tenant, key, request_hash, status, body) values ($1, $2, $3, $4, $5)")
    {
        Parameters = { new() { Value = request.Tenant }, new() { Value = request.Key }, new() { Value = request.RequestHash }, new() { Value = answer.Status }, new() { Value = answer.Body } },
    };

    private static bool IsKeyCollision(Exception? e) =>
        e is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "idempotency_key" } || (e?.InnerException is { } inner && IsKeyCollision(inner));
}
