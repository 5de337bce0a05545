using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using PrivateLinkCloud.Notifier.Deliveries;
using PrivateLinkCloud.Notifier.Egress;

namespace PrivateLinkCloud.Notifier.Webhooks;

/// <summary>One message as it goes over the wire.</summary>
public sealed record Webhook(string Id, string Destination, string Secret, string Body);

/// <summary>Makes one attempt and says how it ended; never throws for what a destination does.</summary>
/// <param name="http">Its handler connects through <see cref="GuardedConnect"/> and follows no redirect.</param>
/// <param name="timeout">For the whole attempt.</param>
/// <param name="answerBytes">How much of an answer's body is read; the rest is the destination's to keep.</param>
public sealed class WebhookSender(HttpMessageInvoker http, TimeProvider time, TimeSpan timeout, int answerBytes)
{
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/>: the attempt's end is unknown.</exception>
    public async Task<AttemptOutcome> Send(Webhook webhook, DateTimeOffset now, CancellationToken cancel)
    {
        using var expiry = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancel);
        try
        {
            using var request = Signed(webhook, now);
            using var response = await http.SendAsync(request, either.Token);
            return new AttemptOutcome.Answered((int)response.StatusCode, RetryAfter(response.Headers.RetryAfter), await FirstBytes(response, either.Token));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new AttemptOutcome.Unanswered(UnansweredBecause.TimedOut, string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or InvalidOperationException or FormatException)
        {
            return Failed(e);
        }
    }

    private static HttpRequestMessage Signed(Webhook webhook, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeSeconds();
        if (!WebhookSecret.TryParse(webhook.Secret, out var secret)) throw new InvalidOperationException("the stored secret is not one");
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Destination) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(webhook.Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", webhook.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", secret.Sign(webhook.Id, timestamp, webhook.Body));
        request.Headers.Add("User-Agent", "PrivateLinkCloud-Notifier/1");
        return request;
    }

    /// <summary>The status is known already: a body that stalls or breaks takes nothing from it, it only ends the reading.</summary>
    private async Task<string> FirstBytes(HttpResponseMessage response, CancellationToken cancel)
    {
        var buffer = new byte[answerBytes];
        var length = 0;
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancel);
            for (int read; length < buffer.Length && (read = await body.ReadAsync(buffer.AsMemory(length), cancel)) > 0; length += read) { }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // What was read so far is what there is.
        }
        return Encoding.UTF8.GetString(buffer.AsSpan(0, length)).Replace('\0', '\uFFFD'); // PostgreSQL's text holds no NUL
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var asked = header?.Delta ?? header?.Date - time.GetUtcNow();
        return asked > TimeSpan.Zero ? asked : null;
    }

    /// <summary>The handler wraps what its connect callback throws, sometimes more than once: the first cause with a name of its own is the culprit.</summary>
    private static AttemptOutcome.Unanswered Failed(Exception e) =>
        Causes(e).Select(Named).FirstOrDefault(named => named is not null) ?? new(UnansweredBecause.Broken, e.Message);

    private static AttemptOutcome.Unanswered? Named(Exception cause) => cause switch
    {
        EgressRefusedException => new(UnansweredBecause.Refused, cause.Message),
        NameNotResolvedException => new(UnansweredBecause.NameNotResolved, cause.Message),
        AuthenticationException => new(UnansweredBecause.TlsFailed, cause.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException inner } => new(UnansweredBecause.NotConnected, inner.Message),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: null } => new(UnansweredBecause.TlsFailed, cause.Message),
        _ => null,
    };

    private static IEnumerable<Exception> Causes(Exception? e)
    {
        for (; e is not null; e = e.InnerException) yield return e;
    }
}
