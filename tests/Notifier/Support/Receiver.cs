using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PrivateLinkCloud.Notifier.Tests.Support;

/// <summary>One request, as it came in.</summary>
internal sealed record Received(string Path, string Id, string Timestamp, string Signature, string Body, DateTimeOffset At)
{
    public bool IsSignedWith(string secret) => StandardWebhooks.Verify(secret, Id, Timestamp, Signature, Body, At);
}

/// <summary>A webhook receiver on loopback that does what the test's script says and remembers everything.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<Received> requests = new();
    private readonly WebApplication app;

    private int answered;

    private Receiver(WebApplication app) => this.app = app;

    public IReadOnlyList<Received> Requests => [.. requests];

    /// <summary>How many answers have left.</summary>
    public int Answered => Volatile.Read(ref answered);

    public Uri Url => new(app.Urls.Single());

    /// <param name="answer">Status and headers of each answer; 204 when null.</param>
    /// <param name="port">0: any free one.</param>
    public static async Task<Receiver> Start(Func<Received, HttpContext, Task>? answer = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        var receiver = new Receiver(builder.Build());
        receiver.app.MapPost("/{**path}", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers;
            var request = new Received(context.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(),
                headers["webhook-signature"].ToString(), await reader.ReadToEndAsync(), DateTimeOffset.UtcNow);
            receiver.requests.Enqueue(request);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            if (answer is not null) await answer(request, context);
            await context.Response.CompleteAsync();
            Interlocked.Increment(ref receiver.answered);
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    public Task Until(int count) => Until(all => all.Count >= count);

    public Task Until(Func<IReadOnlyList<Received>, bool> enough) =>
        Poll.Until(() => enough(Requests), () => $"{requests.Count} requests came: {string.Join(", ", requests.Select(r => r.Id))}");

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(0); // requests that hang on purpose are not waited for
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }
}
