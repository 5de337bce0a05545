using Npgsql;
using PrivateLinkCloud.Containers;
using Testcontainers.PostgreSql;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>The PostgreSQL image starts with our settings and keeps what was committed, and only that.</summary>
public sealed class PostgresImageTests
{
    [Fact]
    public async Task Committed_rows_are_read_back_by_another_session_and_rolled_back_ones_are_not()
    {
        var cancel = TestContext.Current.CancellationToken;
        if (await DockerEngine.WhyItDoesNotAnswerAsync(cancel) is { } reason) Assert.Skip(reason);
        await using var container = new PostgreSqlBuilder(ComponentImages.Postgres)
            .WithUsername("plc").WithPassword("only-for-this-test").WithDatabase("privatelinkcloud").Build();
        await container.StartAsync(cancel);

        await using var source = NpgsqlDataSource.Create(container.GetConnectionString());
        await using (var create = source.CreateCommand("create table doors (id text primary key, address inet not null)"))
        {
            await create.ExecuteNonQueryAsync(cancel);
        }

        await InsertAsync(source, "vpce-kept", commit: true, cancel);
        await InsertAsync(source, "vpce-lost", commit: false, cancel);

        NpgsqlConnection.ClearAllPools();
        await using var select = source.CreateCommand("select string_agg(id || ' ' || host(address), ',') || ' in ' || current_database() from doors");
        Assert.Equal("vpce-kept 10.0.1.10 in privatelinkcloud", await select.ExecuteScalarAsync(cancel));
    }

    private static async Task InsertAsync(NpgsqlDataSource source, string id, bool commit, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var insert = new NpgsqlCommand("insert into doors values ($1, '10.0.1.10')", connection, transaction)
        {
            Parameters = { new() { Value = id } },
        };
        await insert.ExecuteNonQueryAsync(cancel);
        if (commit)
        {
            await transaction.CommitAsync(cancel);
        }
    }
}
