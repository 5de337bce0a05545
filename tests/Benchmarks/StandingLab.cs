using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PrivateLinkCloud.Benchmarks;

/// <summary>The product as <c>deploy/lab.sh</c> starts it, with what <c>lab.json</c> tells.</summary>
public sealed class StandingLab : IAsyncDisposable
{
    private readonly string _directory = Path.Combine(Bed.Root, ".test", "bench-lab");
    private readonly HttpClient _http = new();
    private readonly List<string> _instances = [];
    private BedApi _provider = null!, _consumer = null!;
    private string _providerToken = "", _consumerToken = "", _serviceName = "", _namespacePrefix = "";
    private Uri _api = null!;

    public static async Task<StandingLab> StartAsync()
    {
        var lab = new StandingLab();
        await lab.StartLabAsync();
        return lab;
    }

    private async Task StartLabAsync()
    {
        await DownAsync(); // a run that was killed left its lab.json, which must not be taken for ours
        var script = new ProcessStartInfo(Path.Combine(Bed.Root, "deploy/lab.sh")) { RedirectStandardOutput = true, RedirectStandardInput = true };
        script.Environment["PLC_LAB_DIR"] = _directory;
        _script = Process.Start(script)!;
        _script.OutputDataReceived += (_, _) => { };
        _script.BeginOutputReadLine();
        var file = Path.Combine(_directory, "lab.json");
        for (var i = 0; !File.Exists(file); i++)
        {
            if (_script.HasExited || i > 1200) throw new InvalidOperationException("The lab did not come up; run deploy/lab.sh --once to see why.");
            await Task.Delay(250);
        }
        var json = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;
        _api = new Uri(json.GetProperty("api").GetString()!);
        (_providerToken, _consumerToken) = (TokenOf(json, "provider"), TokenOf(json, "consumer"));
        (_provider, _consumer) = (new BedApi(_http, _api, _providerToken), new BedApi(_http, _api, _consumerToken));
        _namespacePrefix = json.GetProperty("networks").GetProperty("consumer").GetString()!.Split('-')[0];
        var mine = await GetAsync("/v1/endpoint-services/available", _consumerToken);
        _serviceName = mine.GetProperty("items")[0].GetProperty("name").GetString()!;
    }

    private Process? _script;

    /// <summary>Another VPC of the consumer's, with a subnet per zone.</summary>
    public async Task<(string Vpc, string[] Subnets)> NetworkAsync()
    {
        var vpc = (await _consumer.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" })).GetProperty("id").GetString()!;
        var zones = (await GetAsync("/v1/zones", _consumerToken)).GetProperty("items").EnumerateArray().Select(z => z.GetProperty("zoneName").GetString()!).ToList();
        var subnets = new List<string>();
        foreach (var zone in zones)
            subnets.Add((await _consumer.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = $"10.0.{subnets.Count + 1}.0/24", availabilityZone = zone })).GetProperty("id").GetString()!);
        return (vpc, [.. subnets]);
    }

    /// <summary>A machine of the consumer's in the VPC; the name of its namespace.</summary>
    public async Task<string> InstanceAsync(string vpc, string name, string address)
    {
        var (network, instance) = ($"{_namespacePrefix}-{vpc}", $"{_namespacePrefix}-{name}");
        for (var i = 0; !File.Exists($"/run/netns/{network}"); i++)
        {
            if (i > 300) throw new InvalidOperationException($"{network} was not made.");
            await Task.Delay(100);
        }
        using var attach = Process.Start(Path.Combine(Bed.Root, "deploy/workload.sh"), ["add", network, instance, address]);
        await attach.WaitForExitAsync();
        _instances.Add(instance);
        return attach.ExitCode == 0 ? instance : throw new InvalidOperationException("workload.sh failed");
    }

    public async Task<(string Id, string RegionalName)> RequestAsync(string vpc, string[] subnets)
    {
        var endpoint = await _consumer.PostAsync("/v1/interface-endpoints", new { vpcId = vpc, serviceName = _serviceName, subnetIds = subnets });
        return (endpoint.GetProperty("id").GetString()!, endpoint.GetProperty("regionalName").GetString()!);
    }

    public Task AcceptAsync(string id) => _provider.PostAsync($"/v1/endpoint-connections/{id}/accept", new { });

    /// <summary>Waits until the tenant is told that the endpoint is available.</summary>
    public async Task AvailableAsync(string id)
    {
        for (var i = 0; (await GetAsync($"/v1/interface-endpoints/{id}", _consumerToken)).GetProperty("state").GetString() != "available"; i++)
        {
            if (i > 600) throw new InvalidOperationException($"{id} did not become available.");
            await Task.Delay(50);
        }
    }

    private async Task<JsonElement> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api, path)) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await _http.SendAsync(request);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static string TokenOf(JsonElement json, string tenant) => json.GetProperty("tenants").GetProperty(tenant).GetProperty("token").GetString()!;

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
        {
            using var remove = Process.Start(Path.Combine(Bed.Root, "deploy/workload.sh"), ["remove", instance]);
            await remove.WaitForExitAsync();
        }
        await DownAsync();
        _script?.Dispose();
        _http.Dispose();
    }

    private async Task DownAsync()
    {
        var down = new ProcessStartInfo(Path.Combine(Bed.Root, "deploy/lab.sh"), ["down"]);
        down.Environment["PLC_LAB_DIR"] = _directory;
        using var script = Process.Start(down)!;
        await script.WaitForExitAsync();
        if (script.ExitCode != 0) throw new InvalidOperationException("A lab cannot be ended; run deploy/lab.sh down with PLC_LAB_DIR=.test/bench-lab to see why.");
    }
}
