using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>The schema comes from <c>migrations/</c> alone and fits what the event store is configured for.</summary>
[Collection(OneControlPlane.Name)]
public sealed class SchemaTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task The_migrated_database_is_the_one_the_event_store_is_configured_for()
    {
        fixture.NewWorld();
        var store = fixture.App.Services.GetRequiredService<IDocumentStore>();
        await store.Storage.Database.AssertDatabaseMatchesConfigurationAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        fixture.NewWorld();
        var before = await fixture.ColumnAsync("select set_name || number || sha256 || applied_at from migration.applied order by 1");
        Assert.Equal(Directory.GetFiles(ControlPlaneFixture.MigrationsDirectory, "*.sql", SearchOption.AllDirectories).Length, before.Count);
        await fixture.MigrateAsync(ControlPlaneFixture.MigrationsDirectory);
        Assert.Equal(before, await fixture.ColumnAsync("select set_name || number || sha256 || applied_at from migration.applied order by 1"));
    }

    [Fact]
    public async Task A_migration_that_changed_after_it_was_applied_is_refused_and_a_new_one_that_fails_leaves_nothing()
    {
        fixture.NewWorld();
        var copy = Directory.CreateTempSubdirectory("plc-migrations-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(ControlPlaneFixture.MigrationsDirectory, "*.sql", SearchOption.AllDirectories))
            {
                var to = Path.Combine(copy, Path.GetRelativePath(ControlPlaneFixture.MigrationsDirectory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }
            await File.WriteAllTextAsync(Path.Combine(copy, "9999_broken.sql"), "create table app.half_way (id int); select no_such_function();", TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<PostgresException>(() => fixture.MigrateAsync(copy));
            Assert.False(await fixture.ScalarAsync<bool>("select to_regclass('app.half_way') is not null"));
            await File.AppendAllTextAsync(Path.Combine(copy, "0002_control_plane.sql"), "-- a word more\n", TestContext.Current.CancellationToken);
            var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => fixture.MigrateAsync(copy));
            Assert.Contains("0002_control_plane.sql was applied before and has changed", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [InlineData("create table app.mine (id int)")]
    [InlineData("create table plc.mine (id int)")]
    [InlineData("create schema mine")]
    [InlineData("alter table app.claims add column more text")]
    [InlineData("drop table app.claims")]
    [InlineData("select * from delivery.message limit 1")]
    [InlineData("update migration.applied set sha256 = ''")]
    public async Task The_control_planes_role_handles_data_and_no_schema(string sql)
    {
        fixture.NewWorld();
        await using var database = NpgsqlDataSource.Create(fixture.ConnectionString);
        await using var command = database.CreateCommand(sql);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task The_control_plane_runs_as_that_role()
    {
        await (await fixture.NewWorld().ServiceAsync()).RequestAsync();
        Assert.Equal("plc_control_plane", await fixture.ScalarAsync<string>("select usename::text from pg_stat_activity where datname = current_database() and usename like 'plc_%' limit 1"));
    }

    [Fact]
    public void Every_event_has_a_stored_name_and_a_golden_sample_and_no_sample_is_left_over()
    {
        var names = EventCatalog.StoredNames.Values.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(names.Distinct(), names);
        var samples = Directory.GetFiles(Path.Combine(ControlPlaneFixture.MigrationsDirectory, "events"), "*.v1.json").Select(f => Path.GetFileName(f)[..^".v1.json".Length]);
        Assert.Equal(names, samples.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Events_are_stored_under_those_names()
    {
        await (await fixture.NewWorld().ServiceAsync()).RequestAsync();
        var stored = await fixture.ColumnAsync("select distinct type from plc.mt_events where type <> 'tombstone'");
        Assert.NotEmpty(stored);
        Assert.Subset(EventCatalog.StoredNames.Values.ToHashSet(), stored.ToHashSet());
    }
}
