using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>A statement that runs in the transaction of the events, before they are appended.</summary>
/// <param name="Otherwise">Thrown when the statement touches no row; null when that is as good.</param>
public sealed record Precondition(NpgsqlBatchCommand Statement, Exception? Otherwise = null)
{
    /// <summary>All in one round trip; the first that does not hold is the one that is told.</summary>
    public static async Task MeetAsync(NpgsqlConnection connection, IReadOnlyList<Precondition> preconditions, CancellationToken ct)
    {
        if (preconditions.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var precondition in preconditions) batch.BatchCommands.Add(precondition.Statement);
        await batch.ExecuteNonQueryAsync(ct);
        if (preconditions.FirstOrDefault(p => p.Statement.Rows == 0 && p.Otherwise is not null) is { Otherwise: { } otherwise }) throw otherwise;
    }
}
