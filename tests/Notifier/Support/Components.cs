using Npgsql;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>
/// A database with the notifier's schema and a broker's virtual host, both this fixture's own, on the servers that
/// <c>tests/run.sh</c> started: <c>PLC_TEST_POSTGRES</c> (a superuser's Npgsql connection string), <c>PLC_TEST_RABBITMQ</c>
/// (<c>amqp://user:word@host:port/</c>) and <c>PLC_TEST_RABBITMQ_HTTP</c> (its management API).
/// </summary>
public sealed class Components : IAsyncLifetime
{
    private const string Password = "notifier";
    private static int made;
    private readonly string name = $"plc_notifier_test_{Environment.ProcessId}_{Interlocked.Increment(ref made)}";
    private readonly string? postgres = Environment.GetEnvironmentVariable("PLC_TEST_POSTGRES");
    private readonly string? rabbit = Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ");
    private readonly string? management = Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ_HTTP");
    private VirtualHost? virtualHost;

    /// <summary>As a member of <c>plc_notifier</c>, with its rights and no others.</summary>
    internal string AsNotifier => Connection(name, Password);

    internal NpgsqlDataSource AsOwner { get; private set; } = null!;

    internal VirtualHost Broker => virtualHost!;

    /// <summary>Skips the calling test when a server is missing, and says which.</summary>
    internal void Need()
    {
        Assert.SkipWhen(string.IsNullOrEmpty(postgres), "PLC_TEST_POSTGRES is not set: no PostgreSQL to test against.");
        Assert.SkipWhen(string.IsNullOrEmpty(rabbit) || string.IsNullOrEmpty(management), "PLC_TEST_RABBITMQ or PLC_TEST_RABBITMQ_HTTP is not set: no RabbitMQ to test against.");
    }

    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(postgres) || string.IsNullOrEmpty(rabbit) || string.IsNullOrEmpty(management)) return;
        await Superuser($"create database {name}");
        AsOwner = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres) { Database = name }.ConnectionString);
        await Execute(await File.ReadAllTextAsync(Repository.File("migrations/notifier/0001_delivery.sql")));
        // Not plc_notifier itself: its password is the deployment's, and the role is shared by every test run on this server.
        await Superuser($"create role {name} login password '{Password}' in role plc_notifier");
        virtualHost = await VirtualHost.Make(name, new Uri(rabbit), new Uri(management));
    }

    public async ValueTask DisposeAsync()
    {
        if (virtualHost is null) return;
        await virtualHost.DisposeAsync();
        await AsOwner.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await Superuser($"drop database {name} with (force)");
        await Superuser($"drop role {name}");
    }

    internal async Task Execute(string sql)
    {
        await using var command = AsOwner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    internal async Task<T> Scalar<T>(string sql)
    {
        await using var command = AsOwner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until a message is in a state.</summary>
    internal async Task Reaches(string id, string state)
    {
        var seen = "";
        await Poll.Until(async () => (seen = await Scalar<string>($"select coalesce((select state from delivery.message where id = '{id}'), 'absent')")) == state, () => $"{id} is {seen}, not {state}");
    }

    internal Task<long> Attempts(string id) => Scalar<long>($"select count(*) from delivery.attempt where message_id = '{id}'");

    /// <summary>Takes the database away from the notifier, its open connections included, or gives it back.</summary>
    internal Task Withhold(bool withhold) => Execute(withhold
        ? $"alter role {name} nologin; select pg_terminate_backend(pid) from pg_stat_activity where usename = '{name}'"
        : $"alter role {name} login");

    private string Connection(string user, string password) =>
        new NpgsqlConnectionStringBuilder(postgres) { Database = name, Username = user, Password = password }.ConnectionString;

    private async Task Superuser(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
