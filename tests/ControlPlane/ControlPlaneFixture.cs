using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>A control plane on a database of its own: migrated as in production, real HTTP, real tokens, the real broker when there is one.</summary>
public sealed class ControlPlaneFixture : IAsyncLifetime
{
    public static readonly string Root = FindRoot();
    private readonly string _database = $"cp_{Guid.NewGuid():N}";
    private WebApplication? _app;

    public Issuer Issuer { get; private set; } = null!;
    public string ConnectionString { get; private set; } = "";
    public Uri Url { get; private set; } = null!;

    public static string? Postgres => Environment.GetEnvironmentVariable("PLC_TEST_POSTGRES");
    public static Uri? Broker => Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ") is { Length: > 0 } uri ? new Uri(uri) : null;

    public async ValueTask InitializeAsync()
    {
        if (Postgres is not { } server) return; // each test then skips with the reason
        await using (var admin = NpgsqlDataSource.Create(server)) await admin.CreateCommand($"create database {_database}").ExecuteNonQueryAsync();
        var owner = new NpgsqlConnectionStringBuilder(server) { Database = _database, IncludeErrorDetail = true }.ConnectionString;
        using var logging = LoggerFactory.Create(_ => { });
        await Migrations.RunAsync(new DatabaseSettings { ConnectionString = owner }, Path.Combine(Root, "migrations"), logging.CreateLogger("test"), CancellationToken.None);
        ConnectionString = owner;
        Issuer = await Issuer.StartAsync();
        (_app, Url) = await StartAsync();
    }

    /// <summary>Another control plane on the same database.</summary>
    public async Task<(WebApplication App, Uri Url)> StartAsync(params (string Key, string Value)[] settings)
    {
        var app = Composition.Build([], builder =>
        {
            var all = new Dictionary<string, string?>
            {
                ["Database:ConnectionString"] = ConnectionString, ["Auth:Authority"] = Issuer.Authority, ["Auth:Audience"] = Issuer.Audience,
                ["Http:Port"] = "0", ["HealthChecks:FastestIntervalSeconds"] = "1", ["Zones:DeadlineTickSeconds"] = "0.1",
                ["Endpoints:DnsTtlSeconds"] = "0.2", ["Endpoints:DrainSeconds"] = "0.2", ["Endpoints:PartialAfterSeconds"] = "1", ["Endpoints:FailAfterSeconds"] = "2",
            };
            if (Broker is { } broker)
                foreach (var (key, value) in new[] { ("Host", broker.Host), ("Port", $"{broker.Port}"), ("Username", broker.UserInfo.Split(':')[0]), ("Password", Uri.UnescapeDataString(broker.UserInfo.Split(':')[1])) })
                    all[$"Broker:{key}"] = value;
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
        await using var database = NpgsqlDataSource.Create(ConnectionString);
        return (T)(await database.CreateCommand(sql).ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is null) return;
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Issuer.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
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

/// <summary>An API client that keeps status and body apart, so that a test can look at both.</summary>
public sealed class ApiClient(Uri url, string? token)
{
    private static readonly HttpClient Http = new();

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);
    public Task<Answer> PostAsync(string path, object? body = null, string? key = null) => SendAsync(HttpMethod.Post, path, body ?? new { }, key);
    public Task<Answer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, body);
    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public async Task<Answer> SendAsync(HttpMethod method, string path, object? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(url, path));
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (body is not null) request.Content = body is string text ? new StringContent(text, System.Text.Encoding.UTF8, "application/json") : JsonContent.Create(body);
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

public sealed record Answer(int Status, string Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
    public string? Code => Status >= 400 ? (string?)Json["code"] : null;
    public string this[string property] => (string?)Json[property] ?? throw new InvalidOperationException($"{Status}: {Body} has no {property}");

    /// <summary>The answer, if it is what was expected; otherwise the test fails with the body.</summary>
    public Answer Expect(int status)
    {
        Assert.True(Status == status, $"expected {status}, got {Status}: {Body}");
        return this;
    }

    public Answer ExpectProblem(int status, string code)
    {
        Assert.True(Status == status && Code == code, $"expected {status} {code}, got {Status}: {Body}");
        Assert.False(string.IsNullOrEmpty((string?)Json["detail"]));
        return this;
    }
}
