using Npgsql;
using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests;

/// <summary>What the notifier's database role can reach: a hole in the notifier is then no hole in the control plane.</summary>
public sealed class IsolationTests(Components components) : IClassFixture<Components>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        components.Need();
        await components.Execute("create schema if not exists other; create table if not exists other.secret (word text); create table if not exists public.secret (word text)");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("select * from other.secret")]
    [InlineData("insert into other.secret values ('x')")]
    [InlineData("select * from public.secret")]
    [InlineData("create table public.mine (word text)")]
    [InlineData("create table delivery.mine (word text)")]
    [InlineData("alter table delivery.message add column mine text")]
    [InlineData("drop table delivery.attempt")]
    [InlineData("truncate delivery.message cascade")]
    [InlineData("create schema mine")]
    [InlineData("create role mine")]
    [InlineData("select * from pg_authid")]
    public async Task The_role_reaches_nothing_but_the_rows_of_its_own_schema(string sql)
    {
        var e = await Assert.ThrowsAsync<PostgresException>(() => AsRole(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, e.SqlState);
    }

    [Theory]
    [InlineData("select * from delivery.message")]
    [InlineData("delete from delivery.attempt where false")]
    public Task And_those_it_does_reach(string sql) => AsRole(sql);

    [Fact]
    public async Task The_role_is_nobody_of_consequence() =>
        Assert.False(await components.Scalar<bool>("select rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls from pg_roles where rolname = 'plc_notifier'"));

    [Fact]
    public async Task The_migration_may_meet_a_role_that_another_database_made()
    {
        await components.Execute("drop schema delivery cascade");
        await components.Execute(await File.ReadAllTextAsync(Repository.File("migrations/notifier/0001_delivery.sql"), TestContext.Current.CancellationToken));
        await AsRole("select * from delivery.message");
    }

    private async Task AsRole(string sql)
    {
        await using var database = NpgsqlDataSource.Create(components.AsNotifier);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
