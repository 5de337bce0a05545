using Npgsql;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>A message this process has taken, and what is known of its delivery.</summary>
public sealed record TakenMessage(Webhook Webhook, string SubscriptionArn, string DestinationKey, string Type, string EndpointId, Delivery Delivery)
{
    /// <summary>Taking a message moves its due time there: from then on somebody else may send it.</summary>
    public DateTimeOffset LeaseEnd => Delivery.DueAt!.Value;
}

/// <summary>What was taken at once.</summary>
/// <param name="NextDue">When the earliest message not taken falls due; it may be past when its destination is busy. Null: there is none.</param>
public sealed record DueBatch(IReadOnlyList<TakenMessage> Messages, DateTimeOffset? NextDue);

/// <summary>One attempt that ended: a row of <c>delivery.attempt</c>.</summary>
public sealed record Attempt(DateTimeOffset StartedAt, TimeSpan Took, AttemptOutcome Outcome);

/// <summary>The schema <c>delivery</c>: SQL and nothing else.</summary>
public sealed class DeliveryStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a message that came from the broker. Once this returns, the broker may forget it.</summary>
    /// <returns>False: its id is known already, nothing was written.</returns>
    public async Task<bool> Store(DueNotification due, Delivery delivery, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(LaneLock(due.SubscriptionArn));
        batch.BatchCommands.Add(Command(StoreSql, ("id", due.Id), ("arn", due.SubscriptionArn), ("destination", due.Destination),
            ("key", delivery.State == DeliveryState.Pending ? DestinationUrl.Key(due.Destination) : ""), ("secret", due.Secret), ("type", due.Type),
            ("endpoint", due.EndpointId), ("occurred", due.OccurredAt.ToUniversalTime()), ("body", due.Body), ("now", now), ("state", StateName(delivery.State)),
            ("due", delivery.DueAt), ("finished", delivery.DueAt is null ? now : null), ("reason", delivery.Reason)));
        await batch.ExecuteNonQueryAsync(cancel);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }

    /// <summary>Takes up to <paramref name="room"/> due messages until <paramref name="leaseEnd"/>, never more per destination than <paramref name="perDestination"/>
    /// together with those in flight.</summary>
    public async Task<DueBatch> TakeDue(DateTimeOffset now, DateTimeOffset leaseEnd, int room, int perDestination, IReadOnlyDictionary<string, int> inFlight, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        // A message whose taking a crash of the server forgets is taken again: it need not wait for the disk, and each attempt is spared one flush.
        batch.BatchCommands.Add(Command("select set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(Command(TakeSql, ("now", now), ("lease_end", leaseEnd), ("room", room), ("per_destination", perDestination),
            ("window", Math.Max(1000, 4 * room)), ("keys", inFlight.Keys.ToArray()), ("counts", inFlight.Values.ToArray()),
            ("full", inFlight.Where(f => f.Value >= perDestination).Select(f => f.Key).ToArray())));
        batch.BatchCommands.Add(Command("select min(due_at) from delivery.message where due_at is not null"));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        await reader.NextResultAsync(cancel);
        var messages = new List<TakenMessage>();
        while (await reader.ReadAsync(cancel)) messages.Add(Read(reader));
        await reader.NextResultAsync(cancel);
        await reader.ReadAsync(cancel);
        return new DueBatch(messages, await reader.IsDBNullAsync(0, cancel) ? null : reader.GetFieldValue<DateTimeOffset>(0));
    }

    /// <summary>Writes down an attempt and what comes next; after a first attempt the subscription's next message falls due.</summary>
    /// <returns>False: the lease had ended and somebody else made and recorded this attempt too, or this record's first commit was not
    /// heard of. The row of the attempt is kept all the same.</returns>
    public async Task<bool> Record(TakenMessage taken, Attempt attempt, Delivery after, DateTimeOffset now, CancellationToken cancel)
    {
        var answered = attempt.Outcome as AttemptOutcome.Answered;
        var unanswered = attempt.Outcome as AttemptOutcome.Unanswered;
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(LaneLock(taken.SubscriptionArn));
        batch.BatchCommands.Add(Command(AttemptSql, ("id", taken.Webhook.Id), ("started", attempt.StartedAt), ("took", attempt.Took.TotalMilliseconds),
            ("outcome", unanswered is null ? "answered" : Camel(unanswered.Because.ToString())), ("status", answered?.Status), ("answer", answered?.Body), ("detail", unanswered?.Detail)));
        batch.BatchCommands.Add(Command(AfterSql, ("id", taken.Webhook.Id), ("before", taken.Delivery.Attempts), ("attempts", after.Attempts), ("state", StateName(after.State)),
            ("due", after.DueAt), ("finished", after.State == DeliveryState.Pending ? null : now), ("reason", after.Reason)));
        if (taken.Delivery.Attempts == 0) batch.BatchCommands.Add(Command(NextInLaneSql, ("arn", taken.SubscriptionArn), ("now", now)));
        await batch.ExecuteNonQueryAsync(cancel);
        return batch.BatchCommands[2].RecordsAffected == 1;
    }

    // A message waits for its predecessor's first attempt. Without the lock an arrival and the end of that attempt would each
    // miss the other's row, and the arrival would wait for ever. Two statements on purpose: the second must see what the lock's
    // previous holder wrote. A batch is one transaction, and a hash that collides only makes two subscriptions take turns.
    private static NpgsqlBatchCommand LaneLock(string subscriptionArn) =>
        Command("select pg_advisory_xact_lock(hashtextextended(@arn, 0))", ("arn", subscriptionArn));

    private const string StoreSql = """
        insert into delivery.message (id, subscription_arn, destination, destination_key, secret, type, endpoint_id, occurred_at, body, received_at, state, due_at, finished_at, reason)
        select @id, @arn, @destination, @key, @secret, @type, @endpoint, @occurred, @body, @now, @state,
            case when exists (select from delivery.message where subscription_arn = @arn and state = 'pending' and attempts = 0) then null else @due::timestamptz end,
            @finished::timestamptz, @reason::text
        on conflict (id) do nothing
        """;

    // `window` bounds the work when one destination has piled up retries: it can hide the others for one round only, because
    // that round fills its share and the next one passes over it.
    private const string TakeSql = """
        with ranked as (
            select m.id, m.due_at, row_number() over (partition by m.destination_key order by m.due_at, m.sequence) + coalesce(f.in_flight, 0) as place
            from (select id, destination_key, due_at, sequence from delivery.message
                where due_at <= @now and destination_key <> all (@full) order by due_at limit @window) m
            left join unnest(@keys, @counts) as f(destination_key, in_flight) using (destination_key)),
        picked as (
            select m.id from delivery.message m join ranked r using (id)
            where r.place <= @per_destination and m.due_at <= @now
            order by r.due_at limit @room for update of m skip locked)
        update delivery.message m set due_at = @lease_end from picked where m.id = picked.id
        returning m.id, m.destination, m.secret, m.body, m.subscription_arn, m.destination_key, m.type, m.endpoint_id, m.attempts, m.due_at, m.reason
        """;

    private const string AttemptSql = """
        insert into delivery.attempt (message_id, started_at, took_ms, outcome, status, answer, detail)
        select @id, @started, @took, @outcome, @status::int, @answer::text, @detail::text where exists (select from delivery.message where id = @id)
        """;

    // The count of attempts is the fence: it grows with every recorded attempt.
    private const string AfterSql = """
        update delivery.message set attempts = @attempts, state = @state, due_at = @due::timestamptz, finished_at = @finished::timestamptz, reason = @reason::text
        where id = @id and attempts = @before and state = 'pending'
        """;

    private const string NextInLaneSql = """
        update delivery.message set due_at = @now where due_at is null
        and id = (select id from delivery.message where subscription_arn = @arn and state = 'pending' and attempts = 0 order by sequence limit 1)
        """;

    private static TakenMessage Read(NpgsqlDataReader row) => new(
        new Webhook(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
        row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        new Delivery(DeliveryState.Pending, row.GetInt32(8), row.GetFieldValue<DateTimeOffset>(9), row.IsDBNull(10) ? null : row.GetString(10)));

    private static string StateName(DeliveryState state) => Camel(state.ToString());

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static NpgsqlBatchCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, value) in parameters)
            command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        return command;
    }
}
