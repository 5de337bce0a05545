using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using PrivateLinkCloud.Lab;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>A control plane as a process of its own, on a migrated database of its own, with the lab's issuer beside it.</summary>
public sealed class Bed : IAsyncDisposable
{
    public const string Provider = "111122223333", Consumer = "444455556666", ZoneId = "use1-az1", ZoneName = "us-east-1a";
    private readonly Surroundings _surroundings = new(TimeProvider.System);
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 });
    private Process? _controlPlane;

    public string ConnectionString { get; private set; } = "";
    public Uri Api { get; private set; } = new("http://127.0.0.1/");

    public static string Root { get; } = FindRoot();
    public static Uri Broker => new(Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ")!);

    public static async Task<Bed> MakeAsync(params (string Key, string Value)[] settings)
    {
        var bed = new Bed();
        await bed.StartAsync(settings);
        return bed;
    }

    private async Task StartAsync((string Key, string Value)[] settings)
    {
        var server = Environment.GetEnvironmentVariable("PLC_TEST_POSTGRES") ?? throw new InvalidOperationException("Run this by tests/bench.sh: it brings PostgreSQL and RabbitMQ.");
        var database = $"bench_{Guid.NewGuid():N}";
        await using (var admin = NpgsqlDataSource.Create(server)) await admin.CreateCommand($"create database {database}").ExecuteNonQueryAsync();
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;
        await _surroundings.StartAsync();
        _surroundings.Issuer.AddPlatformOperator("operator");
        _surroundings.Issuer.AddTenant("provider", Provider);
        _surroundings.Issuer.AddTenant("consumer", Consumer);
        _surroundings.Issuer.AddAgent("agent", ZoneId);
        using var port = new FreePort(0);
        Api = new Uri($"http://127.0.0.1:{port.Port}");
        var environment = new Dictionary<string, string>
        {
            ["Database__ConnectionString"] = ConnectionString, ["Auth__Authority"] = _surroundings.Issuer.Issuer!.ToString().TrimEnd('/'), ["Auth__Audience"] = TokenIssuer.Audience,
            ["Http__Port"] = port.Port.ToString(CultureInfo.InvariantCulture), ["Http__ReusePort"] = "true", ["HealthChecks__FastestIntervalSeconds"] = "1",
            ["Broker__Host"] = Broker.Host, ["Broker__Port"] = Broker.Port.ToString(CultureInfo.InvariantCulture),
            ["Broker__Username"] = Broker.UserInfo.Split(':')[0], ["Broker__Password"] = Uri.UnescapeDataString(Broker.UserInfo.Split(':')[1]),
        };
        foreach (var (key, value) in settings) environment[key] = value;
        using (var migrate = Run(environment, "migrate", "--migrations", Path.Combine(Root, "migrations"))) await migrate.WaitForExitAsync();
        _controlPlane = Run(environment);
        await HealthyAsync();
        await As("operator").PostAsync("/v1/regions", new { region = "us-east-1" });
        await As("operator").PostAsync("/v1/regions/us-east-1/zones", new { zoneId = ZoneId });
        foreach (var account in new[] { Provider, Consumer }) await As("operator").PostAsync("/v1/tenants", new { account, name = account });
    }

    /// <summary>The API as one of the issuer's clients.</summary>
    public BedApi As(string client) => new(_http, Api, _surroundings.Issuer.TokenFor(client));
    public string Token(string client) => _surroundings.Issuer.TokenFor(client);

    private static Process Run(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Root, "src/ControlPlane/bin", Configuration, "net10.0/PrivateLinkCloud.ControlPlane.dll"), .. arguments]) { RedirectStandardOutput = true };
        foreach (var (key, value) in environment) start.Environment[key] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read and dropped: a full pipe would stop it
        process.BeginOutputReadLine();
        return process;
    }

    private async Task HealthyAsync()
    {
        for (var i = 0; i < 300; i++)
        {
            try
            {
                if ((await _http.GetAsync(new Uri(Api, "/health"))).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // not there yet
            }
            await Task.Delay(200);
        }
        throw new InvalidOperationException("The control plane did not become ready.");
    }

    public async ValueTask DisposeAsync()
    {
        _controlPlane?.Kill();
        _controlPlane?.Dispose();
        _http.Dispose();
        await _surroundings.DisposeAsync();
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "PrivateLinkCloud.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}

public sealed class BedApi(HttpClient http, Uri api, string token)
{
    private readonly AuthenticationHeaderValue _bearer = new("Bearer", token);

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, path)) { Content = JsonContent.Create(body), Headers = { Authorization = _bearer } };
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"POST {path}: {(int)response.StatusCode} {text}");
    }
}
