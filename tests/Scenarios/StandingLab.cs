using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

[assembly: AssemblyFixture(typeof(PrivateLinkCloud.Scenarios.Tests.StandingLab))]

namespace PrivateLinkCloud.Scenarios.Tests;

/// <summary>The whole product as <c>deploy/lab.sh</c> starts it, once for all scenarios. They act on it as strangers would: through the public
/// API, with programs inside the tenants' networks, and with kill -9.</summary>
public sealed class StandingLab : IAsyncLifetime
{
    public static readonly string Root = FindRoot();
    private static readonly string Home = Path.Combine(Root, ".test", "scenarios-lab");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private JsonElement _file;
    private Process? _script;

    /// <summary>Why the scenarios cannot run here; null when they can.</summary>
    public string? Missing { get; private set; }
    public LabProcesses Processes { get; } = new(Home);

    /// <summary>The lab's own servers, run inside a machine.</summary>
    public static Process Serve(string machine, string address, int port, string name) =>
        Process.Start("ip", ["netns", "exec", machine, "dotnet", Path.Combine(Home, "app/Lab/PrivateLinkCloud.Lab.dll"), "serve-page", address, $"{port}", name]);

    public string ConsumerNetwork => _file.GetProperty("networks").GetProperty("consumer").GetString()!;
    public string ProviderNetwork => _file.GetProperty("networks").GetProperty("provider").GetString()!;
    public JsonElement Endpoint => _file.GetProperty("endpoint");
    public string Instance => ConsumerNetwork.Split('-')[0];

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Missing = "network namespaces need root";
            return;
        }
        // A run that was killed left its lab.json, which must not be taken for ours.
        var (status, output) = await DownAsync();
        if (status != 0) throw new InvalidOperationException("An earlier lab cannot be ended:\n" + output);
        var start = new ProcessStartInfo(Path.Combine(Root, "deploy/lab.sh")) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PLC_LAB_DIR"] = Home;
        // The zone agents look by themselves so seldom that what the scenarios see was brought by doorbells.
        start.Environment["Agent__SlowPollSeconds"] = "60";
        var said = new List<string>();
        _script = Process.Start(start)!;
        _script.OutputDataReceived += (_, e) => { lock (said) said.Add(e.Data ?? ""); };
        _script.ErrorDataReceived += (_, e) => { lock (said) said.Add(e.Data ?? ""); };
        _script.BeginOutputReadLine();
        _script.BeginErrorReadLine();
        var path = Path.Combine(Home, "lab.json");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(path) || _script.HasExited), "the lab to stand", 420);
        if (!File.Exists(path)) throw new InvalidOperationException("The lab did not come up:\n" + string.Join('\n', said));
        _file = JsonDocument.Parse(await File.ReadAllTextAsync(path)).RootElement;
    }

    public Party Provider => PartyOf("provider");
    public Party Consumer => PartyOf("consumer");
    public Party Operator => new(_http, Api, _file.GetProperty("operator").GetProperty("token").GetString()!, "", "");

    /// <summary>A tenant the lab's issuer knows and the platform does not, until it is registered.</summary>
    public async Task<Party> AnotherConsumerAsync()
    {
        const string account = "777788889999";
        var issuer = _file.GetProperty("issuer");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "another-consumer", ["client_secret"] = issuer.GetProperty("clientSecret").GetString()! });
        using var answer = await _http.PostAsync(new Uri(issuer.GetProperty("tokenEndpoint").GetString()!), form);
        var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
        await Operator.PostAsync("/v1/tenants", new { account, name = "another consumer" });
        return new Party(_http, Api, token, account, "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_script is null) return;
        await DownAsync();
        await _script.WaitForExitAsync();
        _script.Dispose();
        _http.Dispose();
    }

    private static Task<(int Status, string Output)> DownAsync() => Run.ToEndAsync(Path.Combine(Root, "deploy/lab.sh"), ["down"], 120, ("PLC_LAB_DIR", Home));

    private Uri Api => new(_file.GetProperty("api").GetString()!);

    private Party PartyOf(string role)
    {
        var tenant = _file.GetProperty("tenants").GetProperty(role);
        return new Party(_http, Api, tenant.GetProperty("token").GetString()!, tenant.GetProperty("account").GetString()!, tenant.GetProperty("vpcId").GetString()!);
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "PrivateLinkCloud.sln"))) directory = directory.Parent;
        return directory.FullName;
    }
}

/// <summary>Somebody with a token.</summary>
public sealed class Party(HttpClient http, Uri api, string token, string account, string vpcId)
{
    public string Account => account;
    public string VpcId => vpcId;

    public Task<JsonElement> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);
    public Task<JsonElement> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body ?? new { });
    public Task<JsonElement> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Repeats while a control plane is away, with one idempotency key: a client as it should be.</summary>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        var key = Guid.NewGuid().ToString();
        JsonElement result = default;
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(api, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
                if (body is not null) (request.Content, _) = (JsonContent.Create(body), request.Headers.TryAddWithoutValidation("Idempotency-Key", key));
                using var response = await http.SendAsync(request);
                var text = await response.Content.ReadAsStringAsync();
                if ((int)response.StatusCode >= 500) return false;
                Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
                result = text.Length > 0 ? JsonDocument.Parse(text).RootElement : default;
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, $"an answer to {method} {path}", 20);
        return result;
    }
}
