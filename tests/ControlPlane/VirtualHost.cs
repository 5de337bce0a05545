using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using RabbitMQ.Client;

namespace PrivateLinkCloud.ControlPlane.Tests;

/// <summary>A virtual host of the test's broker, made and removed through the management API, so that no two fixtures hear each other.</summary>
public sealed class VirtualHost : IAsyncDisposable
{
    private readonly string _name;
    private readonly Uri _broker;
    private readonly HttpClient _http;

    private VirtualHost(string name, Uri broker)
    {
        (_name, _broker) = (name, broker);
        var management = new UriBuilder(Environment.GetEnvironmentVariable("PLC_TEST_RABBITMQ_HTTP")!) { UserName = "", Password = "" };
        _http = new HttpClient { BaseAddress = management.Uri };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
    }

    private string User => _broker.UserInfo.Split(':')[0];
    private string Password => Uri.UnescapeDataString(_broker.UserInfo.Split(':')[1]);

    /// <summary>What a control plane needs to know to speak here.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings =>
        [("Broker:Host", _broker.Host), ("Broker:Port", $"{_broker.Port}"), ("Broker:VirtualHost", _name), ("Broker:Username", User), ("Broker:Password", Password)];

    public static async Task<VirtualHost> MakeAsync(string name, Uri broker)
    {
        var host = new VirtualHost(name, broker);
        await host.PutAsync($"api/vhosts/{name}", new { });
        await host.PutAsync($"api/permissions/{name}/{host.User}", new { configure = ".*", write = ".*", read = ".*" });
        return host;
    }

    public Task<IConnection> ConnectAsync() =>
        new ConnectionFactory { HostName = _broker.Host, Port = _broker.Port, VirtualHost = _name, UserName = User, Password = Password }.CreateConnectionAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        using (await _http.DeleteAsync(new Uri($"api/vhosts/{_name}", UriKind.Relative))) { }
        _http.Dispose();
    }

    private async Task PutAsync(string path, object body)
    {
        using var answer = await _http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }
}
