using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>A control plane on a database and a virtual host of its own: migrated as in production and run as the role that may only
/// handle data, real HTTP, real tokens, the real broker when there is one.</summary>
public class ControlPlaneFixture : IAsyncLifetime
{
    public static readonly string Root = FindRoot();
    private const string RolePassword = "control-plane-of-the-tests";
    private readonly string _database = $"cp_{Guid.NewGuid():N}";
    private NpgsqlDataSource _owner = null!;

    public Issuer Issuer { get; private set; } = null!;

    /// <summary>As the owner, who may do anything. The control plane itself does not run as this.</summary>
    public string OwnerConnectionString { get; private set; } = "";

    /// <summary>As <c>plc_control_plane</c>, whose password the migration has set.</summary>
    public string ConnectionString { get; private set; } = "";
    public VirtualHost? VirtualHost { get; private set; }
    public WebApplication App { get; private set; } = null!;
    public Uri Url { get; private set; } = null!;

    public static string? Postgres => Environment.GetEnvironmentVariable("PLC_TEST_POSTGRES");
    public static Uri? Broker => Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ") is { Length: > 0 } uri ? new Uri(uri) : null;

    public async ValueTask InitializeAsync()
    {
        if (Postgres is not { } server) return; // each test then skips with the reason
        await MigratedAsync(server);
        Issuer = await Issuer.StartAsync();
        if (Broker is { } broker) VirtualHost = await VirtualHost.MakeAsync(_database, broker);
        (App, Url) = await StartAsync();
    }

    /// <summary>Roles belong to the whole server: test classes that start at once make them one after the other.</summary>
    private async Task MigratedAsync(string server)
    {
        await using var admin = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString); // its end frees the lock
        await admin.OpenAsync();
        await new NpgsqlCommand("select pg_advisory_lock(4815162343)", admin) { CommandTimeout = 0 }.ExecuteNonQueryAsync();
        await new NpgsqlCommand($"create database {_database}", admin).ExecuteNonQueryAsync();
        OwnerConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _database, IncludeErrorDetail = true, MaxPoolSize = 10 }.ConnectionString;
        ConnectionString = new NpgsqlConnectionStringBuilder(OwnerConnectionString) { Username = "plc_control_plane", Password = RolePassword, MaxPoolSize = 30 }.ConnectionString;
        _owner = NpgsqlDataSource.Create(OwnerConnectionString);
        await MigrateAsync(MigrationsDirectory);
    }

    public static string MigrationsDirectory => Path.Combine(Root, "migrations");

    /// <summary>What <c>migrate --migrations DIR</c> does.</summary>
    public async Task MigrateAsync(string directory)
    {
        using var logging = LoggerFactory.Create(_ => { });
        await Migrations.RunAsync(new DatabaseSettings { ConnectionString = OwnerConnectionString, ControlPlanePassword = RolePassword }, directory, logging.CreateLogger("test"), CancellationToken.None);
    }

    /// <summary>What this fixture's control planes run with, beyond what the tests need everywhere.</summary>
    protected virtual IReadOnlyList<(string Key, string Value)> Knobs => [];

    /// <summary>Another control plane on the same database.</summary>
    public async Task<(WebApplication App, Uri Url)> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = Composition.Build([], builder =>
        {
            var all = new Dictionary<string, string?>
            {
                ["Database:ConnectionString"] = ConnectionString, ["Auth:Authority"] = Issuer.Authority, ["Auth:Audience"] = Issuer.Audience,
                ["Http:Port"] = "0", ["Logging:LogLevel:Default"] = "Error", ["HealthChecks:FastestIntervalSeconds"] = "1", ["Zones:DeadlineTickSeconds"] = "0.1",
                ["Endpoints:DnsTtlSeconds"] = "0.2", ["Endpoints:DrainSeconds"] = "0.2",
            };
            foreach (var (key, value) in VirtualHost?.Settings ?? []) all[key] = value;
            foreach (var (key, value) in Knobs) all[key] = value;
            foreach (var (key, value) in settings) all[key] = value;
            builder.Configuration.AddInMemoryCollection(all);
        });
        await app.StartAsync();
        return (app, new Uri(app.Urls.Single()));
    }

    /// <summary>Speaks as whoever the token names.</summary>
    public ApiClient As(string token, Uri? url = null) => new(url ?? Url, token);
    public ApiClient Tenant(string account, string role = "owner") => As(Issuer.Tenant(account, role));
    public ApiClient Operator() => As(Issuer.PlatformOperator());
    public ApiClient Agent(string zoneId) => As(Issuer.Agent(zoneId));

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>The first column, in the order the query gives.</summary>
    public async Task<IReadOnlyList<string>> ColumnAsync(string sql)
    {
        await using var command = _owner.CreateCommand(sql);
        var column = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) column.Add(reader.GetString(0));
        return column;
    }

    /// <summary>A world of its own in this database. Skips the test when there is no server to have it on.</summary>
    public World NewWorld()
    {
        Assert.SkipWhen(Postgres is null, "PLC_TEST_POSTGRES names no PostgreSQL server");
        return new World(this);
    }

    private Task<World>? _shared;

    /// <summary>A service with nobody connected: for requests that must leave it as it is.</summary>
    public Task<World> SharedWorldAsync() => _shared ??= NewWorld().ServiceAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Postgres is null) return;
        await App.StopAsync();
        await App.DisposeAsync();
        await Issuer.DisposeAsync();
        if (VirtualHost is not null) await VirtualHost.DisposeAsync();
        await _owner.DisposeAsync();
        await using var admin = NpgsqlDataSource.Create(Postgres!);
        await admin.CreateCommand($"drop database {_database} with (force)").ExecuteNonQueryAsync();
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "PrivateLinkCloud.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}

/// <summary>Time passes fast for endpoints: states that time alone brings about come within seconds.</summary>
public sealed class HastyControlPlane : ControlPlaneFixture
{
    protected override IReadOnlyList<(string Key, string Value)> Knobs => [("Endpoints:PartialAfterSeconds", "1"), ("Endpoints:FailAfterSeconds", "2")];
}

/// <summary>Its broker's port has nobody behind it.</summary>
public sealed class BrokerlessControlPlane : ControlPlaneFixture
{
    protected override IReadOnlyList<(string Key, string Value)> Knobs => [("Broker:Host", "127.0.0.1"), ("Broker:Port", "1")];
}

/// <summary>Most tests share one control plane, one after the other: so they can count what was stored.</summary>
[CollectionDefinition(Name)]
public sealed class OneControlPlane : ICollectionFixture<ControlPlaneFixture>
{
    public const string Name = "one control plane";
}
