using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>The public HTTP API as one caller sees it. Each POST carries an <c>Idempotency-Key</c>, so it may be repeated while a control
/// plane is still starting.</summary>
public sealed class PublicApi(HttpClient http, string caller, string token)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task<JsonElement> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, ct);

    public Task<JsonElement> PostAsync(string path, object? body, CancellationToken ct) => SendAsync(HttpMethod.Post, path, body, ct);

    /// <exception cref="LabException">The API refused, or nobody answered.</exception>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken ct)
    {
        var key = Guid.NewGuid().ToString();
        HttpResponseMessage? response = null;
        Exception? unanswered = null;
        await Until.TrueAsync(async () =>
        {
            try
            {
                response?.Dispose();
                response = null;
                response = await http.SendAsync(Request(method, path, body, key), ct);
                return response.StatusCode != HttpStatusCode.ServiceUnavailable;
            }
            catch (HttpRequestException e)
            {
                unanswered = e;
                return false;
            }
        }, Patience, ct);
        using (response)
        {
            if (response is null) throw new LabException($"{method} {path}: no answer from {http.BaseAddress} ({unanswered?.Message})");
            return await ReadAsync(response, $"{caller}: {method} {path}", ct);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path, object? body, string key)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        if (method == HttpMethod.Post) request.Headers.Add("Idempotency-Key", key);
        if (body is not null) request.Content = JsonContent.Create(body);
        return request;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, string what, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        var json = Parse(text);
        if (response.IsSuccessStatusCode) return json ?? default;
        string Field(string name) => json is { ValueKind: JsonValueKind.Object } j && j.TryGetProperty(name, out var value) ? value.ToString() : "";
        throw new LabException($"{what} → {(int)response.StatusCode} {Field("code")}: {(Field("detail") is { Length: > 0 } detail ? detail : text)}");
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonDocument.Parse(text).RootElement.Clone();
        }
        catch (JsonException)
        {
            return null; // a body that is not JSON is shown as it is
        }
    }
}

/// <summary>Short names for what the story reads out of answers.</summary>
public static class Answers
{
    public static string Text(this JsonElement json, string field) =>
        json.TryGetProperty(field, out var value) && value.GetString() is { } text ? text : throw new LabException($"The answer has no '{field}': {json}");

    public static IEnumerable<JsonElement> List(this JsonElement json, string field = "items") =>
        json.TryGetProperty(field, out var value) ? value.EnumerateArray() : throw new LabException($"The answer has no '{field}': {json}");
}
