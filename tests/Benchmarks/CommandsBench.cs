using System.Diagnostics;
using Npgsql;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>
/// Commands per second through HTTP with 16 clients (authenticated, decided, stored with events and read model), beside bare Npgsql that
/// writes the same rows, one transaction per command, over 16 connections. Rounds of both alternate, so that a noisy neighbour hits both.
/// </summary>
public static class CommandsBench
{
    private const int Clients = 16, Rounds = 5;
    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var bed = await Bed.MakeAsync();
        var api = bed.As("provider");
        await using var bare = new NpgsqlSlimDataSourceBuilder(bed.ConnectionString) { ConnectionStringBuilder = { MaxPoolSize = Clients, MinPoolSize = Clients } }.Build();
        await RateAsync(TimeSpan.FromSeconds(2), _ => CommandAsync(api)); // warm
        await RateAsync(TimeSpan.FromSeconds(2), n => BareAsync(bare, n));
        var (http, rows) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            rows.Add(await RateAsync(RoundTime, n => BareAsync(bare, n)));
            http.Add(await RateAsync(RoundTime, _ => CommandAsync(api)));
        }
        var ratio = http.Zip(rows, (h, r) => h / r).Percentile(50);
        return
        [
            Figure.Plain("bare Npgsql, transactions, median", rows.Percentile(50), "1/s"),
            new Figure("commands through HTTP, median", http.Percentile(50), "1/s", ratio, rows.Percentile(50), ">= 0.3 of it", ratio >= 0.3),
        ];
    }

    private static Task<System.Text.Json.JsonElement> CommandAsync(BedApi api) => api.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" });

    private static long _number;

    /// <summary>The rows CreateVpc leaves: stream, event, read model.</summary>
    private static async Task BareAsync(NpgsqlDataSource database, int client)
    {
        var id = $"vpc-bare{client:D2}{Interlocked.Increment(ref _number):D11}";
        var data = $$"""{"at": "2026-01-01T00:00:00+00:00", "cidr": "10.0.0.0/16", "vpcId": "{{id}}", "account": "{{Bed.Provider}}", "regionId": "us-east-1"}""";
        var document = $$"""{"id": "{{id}}", "cidr": "10.0.0.0/16", "account": "{{Bed.Provider}}", "deleted": false, "subnets": [], "version": 1, "regionId": "us-east-1", "enableDnsSupport": true, "enableDnsHostnames": true}""";
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "insert into plc.mt_streams (tenant_id, id, type, version) values ($1, $2, 'vpc', 1)", Bed.Provider, id);
        await ExecuteAsync(connection, "insert into plc.mt_events (seq_id, id, stream_id, version, data, type, tenant_id, timestamp, mt_dotnet_type) values (nextval('plc.mt_events_sequence'), gen_random_uuid(), $2, 1, $3::jsonb, 'vpc_created', $1, now(), 'PrivateLinkCloud.Domain.Vpcs.VpcCreated, PrivateLinkCloud.Domain')", Bed.Provider, id, data);
        await ExecuteAsync(connection, "insert into plc.mt_doc_vpc (tenant_id, id, data, mt_dotnet_type, mt_version) values ($1, $2, $3::jsonb, 'PrivateLinkCloud.Domain.Vpcs.Vpc', 1) on conflict (tenant_id, id) do update set data = excluded.data, mt_version = excluded.mt_version", Bed.Provider, id, document);
        await transaction.CommitAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params string[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Closed loop: each client asks again when it has its answer.</summary>
    private static async Task<double> RateAsync(TimeSpan time, Func<int, Task> once)
    {
        long done = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                await once(client);
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
