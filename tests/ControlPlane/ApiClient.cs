using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace PrivateLinkCloud.ControlPlane.Tests;

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
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => new StringContent(text, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
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
