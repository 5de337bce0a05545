using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>
/// <c>migrate --migrations DIR</c>: applies <c>DIR/NNNN_words.sql</c> and <c>DIR/notifier/NNNN_words.sql</c>, forward only, each once and in one
/// transaction, under a lock so that two deployments at once do it once. A file that changed after it was applied is refused.
/// </summary>
public static class Migrations
{
    private static readonly string[] Sets = ["", "notifier"];

    public static async Task RunAsync(DatabaseSettings settings, string directory, ILogger log, CancellationToken ct)
    {
        // Not pooled: a pooled session would keep the lock after we have closed it.
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(ct);
        await ExecuteAsync(connection, "select pg_advisory_lock(4815162342)", ct);
        await ExecuteAsync(connection, "create schema if not exists migration; create table if not exists migration.applied (set_name text, number text, name text not null, sha256 text not null, applied_at timestamptz not null default now(), primary key (set_name, number))", ct);
        foreach (var set in Sets)
            foreach (var file in Directory.GetFiles(Path.Combine(directory, set), "*.sql").Order(StringComparer.Ordinal))
                await ApplyAsync(connection, set, file, log, ct);
        await SetPasswordAsync(connection, "plc_control_plane", settings.ControlPlanePassword, ct);
        await SetPasswordAsync(connection, "plc_notifier", settings.NotifierPassword, ct);
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string set, string file, ILogger log, CancellationToken ct)
    {
        var (number, name) = (Path.GetFileName(file)[..4], Path.GetFileName(file));
        var sql = await File.ReadAllTextAsync(file, ct);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
        await using var known = new NpgsqlCommand("select sha256 from migration.applied where set_name = $1 and number = $2", connection) { Parameters = { new() { Value = set }, new() { Value = number } } };
        switch (await known.ExecuteScalarAsync(ct))
        {
            case string applied when applied == hash: return;
            case string: throw new InvalidOperationException($"{name} was applied before and has changed since. Migrations are forward only: restore the file and write a new one.");
        }
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, sql, ct);
        await using var note = new NpgsqlCommand("insert into migration.applied (set_name, number, name, sha256) values ($1, $2, $3, $4)", connection, transaction)
        {
            Parameters = { new() { Value = set }, new() { Value = number }, new() { Value = name }, new() { Value = hash } },
        };
        await note.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
        log.MigrationApplied(number, name);
    }

    private static async Task SetPasswordAsync(NpgsqlConnection connection, string role, string? password, CancellationToken ct)
    {
        if (string.IsNullOrEmpty(password)) return;
        // ALTER ROLE takes no parameters; format() quotes.
        await using var command = new NpgsqlCommand("select format('alter role %I password %L', $1, $2)", connection) { Parameters = { new() { Value = role }, new() { Value = password } } };
        await ExecuteAsync(connection, (string)(await command.ExecuteScalarAsync(ct))!, ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
