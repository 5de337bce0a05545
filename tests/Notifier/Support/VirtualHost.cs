using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>A virtual host of the test's broker, made and removed through the management API.</summary>
internal sealed class VirtualHost : IAsyncDisposable
{
    private readonly HttpClient http;

    private VirtualHost(string name, Uri broker, HttpClient http)
    {
        (Name, Host, Port, this.http) = (name, broker.Host, broker.Port, http);
        (Username, Password) = (broker.UserInfo.Split(':')[0], broker.UserInfo.Split(':')[1]);
    }

    public string Name { get; }
    public string Host { get; }
    public int Port { get; }
    public string Username { get; }
    public string Password { get; }

    public static async Task<VirtualHost> Make(string name, Uri broker, Uri management)
    {
        var http = new HttpClient { BaseAddress = management };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(broker.UserInfo)));
        var host = new VirtualHost(name, broker, http);
        await host.Put($"api/vhosts/{name}", new { });
        await host.Put($"api/permissions/{name}/{host.Username}", new { configure = ".*", write = ".*", read = ".*" });
        return host;
    }

    /// <summary>Messages in a queue, those in a consumer's hands included; null when there is no such queue.</summary>
    public Task<int?> Depth(string queue) => Count(queue, "messages");

    /// <summary>Messages that a consumer has and has not acknowledged.</summary>
    public Task<int?> InHand(string queue) => Count(queue, "messages_unacknowledged");

    private async Task<int?> Count(string queue, string what)
    {
        using var answer = await http.GetAsync(new Uri($"api/queues/{Name}/{queue}", UriKind.Relative));
        if (!answer.IsSuccessStatusCode) return null;
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return body.TryGetProperty(what, out var messages) ? messages.GetInt32() : null;
    }

    public async ValueTask DisposeAsync()
    {
        using (await http.DeleteAsync(new Uri($"api/vhosts/{Name}", UriKind.Relative))) { }
        http.Dispose();
    }

    private async Task Put(string path, object body)
    {
        using var answer = await http.PutAsJsonAsync(new Uri(path, UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }
}
