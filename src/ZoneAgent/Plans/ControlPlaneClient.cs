using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>
/// The agent's two requests. Given several control planes it stays with one until that fails, then turns to the next.
/// </summary>
public sealed class ControlPlaneClient(HttpClient http, IReadOnlyList<Uri> controlPlanes, string zoneId, string tokenFile)
{
    private int _current;

    /// <summary>The one that is asked now.</summary>
    public Uri Current => controlPlanes[(int)((uint)Volatile.Read(ref _current) % (uint)controlPlanes.Count)];

    /// <summary>To be called after a failure: the next request goes elsewhere, if there is an elsewhere.</summary>
    public void TurnToNext() => Interlocked.Increment(ref _current);

    /// <returns>The plan, or null when there is nothing newer.</returns>
    /// <exception cref="HttpRequestException">No answer, or one that is not 2xx.</exception>
    /// <exception cref="JsonException">An answer that is no plan.</exception>
    public async Task<ZonePlan?> FetchAsync(FetchAction fetch, CancellationToken stop)
    {
        var query = fetch.Since is null ? "" : $"?epoch={Uri.EscapeDataString(fetch.Epoch!)}&since={fetch.Since}";
        using var request = Request(HttpMethod.Get, $"v1/zones/{Uri.EscapeDataString(zoneId)}/plan{query}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return null;
        Check(response);
        return await response.Content.ReadFromJsonAsync<ZonePlan>(WireJson.Tolerant, stop) ?? throw new JsonException("the answer is 'null'");
    }

    /// <exception cref="HttpRequestException">No answer, or one that is not 2xx.</exception>
    public async Task ReportAsync(ZoneReport report, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Post, $"v1/zones/{Uri.EscapeDataString(zoneId)}/reports");
        request.Content = JsonContent.Create(report, options: WireJson.Tolerant);
        using var response = await http.SendAsync(request, stop);
        Check(response);
    }

    private static void Check(HttpResponseMessage response)
    {
        if (response.IsSuccessStatusCode) return;
        var hint = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden ? "; look at Agent:TokenFile, and whether the token is for this zone" : "";
        throw new HttpRequestException($"status {(int)response.StatusCode}{hint}", null, response.StatusCode);
    }

    /// <summary>The token is read for each request: it is a few hundred bytes, and whoever renews it need not tell us.</summary>
    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Current, path));
        if (tokenFile.Length > 0 && File.Exists(tokenFile)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(tokenFile).Trim());
        return request;
    }
}
