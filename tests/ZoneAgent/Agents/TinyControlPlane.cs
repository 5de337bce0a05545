using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>As much of a control plane as an agent sees: one zone's plan with its history, and the reports.</summary>
internal sealed class TinyControlPlane : IAsyncDisposable
{
    private readonly Lock _sync = new();
    private readonly List<ZonePlan> _history = [];
    private readonly ConcurrentQueue<ZoneReport> _reports = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly int _port;
    private WebApplication? _app;
    private string _epoch = "e1";

    private TinyControlPlane(int port) => _port = port;

    /// <summary>The bearer token it takes; null: any, or none.</summary>
    public string? Token { get; set; }

    /// <summary>Answered to every request for a plan instead of the plan.</summary>
    public Func<string>? Garbled { get; set; }

    public int RefuseReports { get; set; }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public IReadOnlyList<ZoneReport> Reports => [.. _reports];

    /// <summary>The query strings of the fetches.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<TinyControlPlane> StartAsync(int port = 0)
    {
        var tiny = new TinyControlPlane(port);
        await tiny.ListenAsync();
        return tiny;
    }

    public void Publish(ZonePlan plan)
    {
        lock (_sync)
        {
            if (plan.Epoch != _epoch) _history.Clear();
            _epoch = plan.Epoch;
            _history.Add(plan);
        }
    }

    public Task<ZoneReport> Reported(long revision, string epoch = "e1") => Reported(r => r.Revision == revision && r.Epoch == epoch, $"revision {revision}");

    public async Task<ZoneReport> Reported(Func<ZoneReport, bool> which, string what)
    {
        await Eventually.True(() => Reports.Any(which), $"a report of {what}; came: {string.Join(", ", Reports.Select(r => $"{r.Epoch}/{r.Revision}"))}");
        return Reports.First(which);
    }

    public async Task StopAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _app = null;
    }

    public async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(Url.Port is 80 ? $"http://127.0.0.1:{_port}" : Url.ToString()); // after a stop, at the same place
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/v1/zones/{zone}/plan", (HttpRequest request) => Authorised(request) ? Answer(request) : Results.StatusCode(401));
        _app.MapPost("/v1/zones/{zone}/reports", async (HttpRequest request) =>
        {
            if (!Authorised(request)) return Results.StatusCode(401);
            if (RefuseReports-- > 0) return Results.StatusCode(503);
            _reports.Enqueue((await request.ReadFromJsonAsync<ZoneReport>(WireJson.Strict))!);
            return Results.StatusCode(204);
        });
        await _app.StartAsync();
        Url = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public ValueTask DisposeAsync() => new(StopAsync());

    private bool Authorised(HttpRequest request) => Token is null || request.Headers.Authorization == $"Bearer {Token}";

    private IResult Answer(HttpRequest request)
    {
        _asked.Enqueue(request.QueryString.Value ?? "");
        if (Garbled is { } garbled) return Results.Text(garbled(), "application/json");
        lock (_sync)
        {
            var newest = _history.Count == 0 ? null : _history[^1];
            var since = request.Query["epoch"] == _epoch && long.TryParse(request.Query["since"], out var s) ? s : -1;
            if (newest is null || newest.Revision <= since) return Results.StatusCode(204);
            var next = since < 0 ? _history[0] : _history.First(plan => plan.Revision > since);
            return Results.Json(next, WireJson.Tolerant);
        }
    }
}
