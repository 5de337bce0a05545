using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>The provider's webhook destination. It believes a message only when its Standard Webhooks signature fits the subscription's
/// secret and its time is near; what it does not believe it refuses, so that the sender's log shows it too.</summary>
public sealed class WebhookReceiver(TimeProvider time)
{
    public const string Path = "/webhooks/provider";
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private readonly ConcurrentQueue<Webhook> _received = new();

    /// <summary><c>whsec_</c> + base64, as the API gave it once.</summary>
    public string? Secret { get; set; }

    public IEnumerable<Webhook> Received => _received;

    /// <summary>Messages whose signature did not fit; one is a failure of the whole walk.</summary>
    public int Refused { get; private set; }

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(Path, ReceiveAsync);

    /// <exception cref="LabException">It did not come in time.</exception>
    public async Task<Webhook> WaitForAsync(string type, string endpointId, TimeSpan patience, CancellationToken ct)
    {
        Webhook? Find() => _received.FirstOrDefault(w => w.Type == type && w.Body.Contains($"\"{endpointId}\"", StringComparison.Ordinal));
        await Until.RequireAsync(() => Find() is not null, patience, $"No signed webhook {type} for {endpointId} arrived; {Refused} arrived with a signature that does not fit", ct);
        return Find()!;
    }

    /// <exception cref="LabException">A message came whose signature did not fit.</exception>
    public void RequireNoneRefused()
    {
        if (Refused > 0) throw new LabException($"{Refused} webhooks came with a signature that does not fit the subscription's secret");
    }

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        string id = request.Headers["webhook-id"].ToString(), timestamp = request.Headers["webhook-timestamp"].ToString();
        if (!IsSigned(id, timestamp, body, request.Headers["webhook-signature"].ToString()))
        {
            Refused++;
            return TypedResults.Unauthorized();
        }
        using var message = JsonDocument.Parse(body);
        var type = message.RootElement.GetProperty("type").GetString()!;
        // At least once: the id is stable over repetitions, and a repetition changes nothing.
        if (_received.All(w => w.Id != id)) _received.Enqueue(new Webhook(id, type, body, time.GetUtcNow()));
        return TypedResults.NoContent();
    }

    /// <summary>Standard Webhooks: HMAC-SHA256 over <c>id.timestamp.body</c>; the header lists signatures, any of which may fit.</summary>
    public bool IsSigned(string id, string timestamp, string body, string signatures)
    {
        if (Secret is null || !long.TryParse(timestamp, CultureInfo.InvariantCulture, out var seconds)) return false;
        if ((time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > Tolerance) return false;
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
        return signatures.Split(' ').Any(s => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(s), Encoding.UTF8.GetBytes(expected)));
    }
}

/// <param name="Id">The same over every repetition.</param>
public sealed record Webhook(string Id, string Type, string Body, DateTimeOffset At);
