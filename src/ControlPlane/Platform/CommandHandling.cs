using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using Npgsql;
using PrivateLinkCloud.Domain;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>How a command ended: what the aggregate is now, or the refusal.</summary>
public sealed record Handled<T>(T? State, Rejection? Rejection);

/// <summary>
/// The only road from a command to stored facts. Station 2 of the walk: load → decide → append → commit. Events, claims, read model and
/// the answer under the idempotency key are one transaction; a lost race is decided anew.
/// </summary>
public sealed class CommandHandling(IDocumentStore store, IdempotencyKeys keys, WalkLog walk)
{
    /// <summary>A command that loses this many races in a row is told so instead of waiting for ever.</summary>
    private const int Attempts = 16;

    /// <param name="tenant">Whose session; for the global endpoint stream it is merely the actor's.</param>
    /// <param name="decide">Loads what facts it needs and asks the law. Runs again after a lost race.</param>
    /// <param name="answer">Makes the answer from the new state; stored under the request's idempotency key, if it has one.</param>
    public async Task<Handled<T>> HandleAsync<T>(string tenant, string streamId, string command, Func<T?, Task<Decision>> decide, CancellationToken ct,
        IdempotentRequest? request = null, Func<T, IdempotentAnswer>? answer = null) where T : class, IFold<T>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(tenant, streamId, command, decide, request, answer, ct);
            }
            catch (Exception e) when (IsLostRace(e) && attempt < Attempts)
            {
                // Somebody else's fact came first: look again, decide again.
            }
            catch (ClaimTakenException e)
            {
                return new Handled<T>(null, e.Rejection);
            }
            catch (Exception e) when (IsLostRace(e))
            {
                return new Handled<T>(null, Rejection.Conflict("ConcurrentModification", "The resource is being changed by others at the same time. Try again."));
            }
        }
    }

    private async Task<Handled<T>> OnceAsync<T>(string tenant, string streamId, string command, Func<T?, Task<Decision>> decide,
        IdempotentRequest? request, Func<T, IdempotentAnswer>? answer, CancellationToken ct) where T : class, IFold<T>
    {
        // 1. Load: the aggregate as it remembers itself.
        await using var session = store.LightweightSession(tenant);
        var stream = await session.Events.FetchForWriting<T>(streamId, ct);

        // 2. Decide: the law, and nothing but the law.
        var decision = await decide(stream.Aggregate);
        walk.Decided(streamId, command);
        if (decision.Rejection is { } rejection) return new Handled<T>(null, rejection);
        var state = decision.Events.Aggregate(stream.Aggregate, T.Evolve);
        if (decision.Events.Count == 0) return await UnchangedAsync(state!, request, answer, ct);

        // 3. Append: events, claims and the answer go together or not at all. The events go last: what fails before them burns no event
        // number, and a burned number is a gap that every zone would wait for.
        var preconditions = Claims.Of(decision).ToList();
        if (stream.CurrentVersion is > 0 and { } loaded) preconditions.Insert(0, Hold(session.TenantId, streamId, loaded));
        if (request is not null && answer is not null) preconditions.Add(new(IdempotencyKeys.Insert(request, answer(state!))));
        await session.BeginTransactionAsync(ct);
        await Precondition.MeetAsync(session.Connection, preconditions, ct);
        stream.AppendMany(decision.Events);

        // 4. Commit: from here on it is true.
        await session.SaveChangesAsync(ct);
        walk.Stored(streamId, command, decision.Events, state!);
        return new Handled<T>(state, null);
    }

    /// <summary>Keeps others off the stream until the transaction ends, unless somebody else's fact came between.</summary>
    private static Precondition Hold(string tenant, string streamId, long loaded) => new(
        new($"select from {MartenSetup.Schema}.mt_streams where id = $1 and tenant_id in ($2, '{CrossTenant.OfNobody}') and version = $3 for update")
        {
            Parameters = { new() { Value = streamId }, new() { Value = tenant }, new() { Value = loaded } },
        }, new ConcurrencyException($"{streamId} is no longer at version {loaded}.", null));

    private async Task<Handled<T>> UnchangedAsync<T>(T state, IdempotentRequest? request, Func<T, IdempotentAnswer>? answer, CancellationToken ct)
    {
        if (request is not null && answer is not null) await keys.StoreAsync(request, answer(state), ct);
        return new Handled<T>(state, null);
    }

    /// <summary>Somebody else's fact came between load and commit. <see cref="Hold"/> notices it; a stream that two begin at once, its unique key.</summary>
    private static bool IsLostRace(Exception? e) => e switch
    {
        null => false,
        ConcurrencyException or EventStreamUnexpectedMaxEventIdException or JasperFx.Events.ExistingStreamIdCollisionException or Marten.Exceptions.ExistingStreamIdCollisionException => true,
        ClaimTakenException { Rejection.Code: "AddressInUse" } => true,
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "mt_events" or "mt_streams" } => true,
        _ => IsLostRace(e.InnerException),
    };
}
