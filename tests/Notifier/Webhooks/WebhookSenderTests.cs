using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PrivateLinkCloud.Notifier.Deliveries;
using PrivateLinkCloud.Notifier.Egress;
using PrivateLinkCloud.Notifier.Platform;
using PrivateLinkCloud.Notifier.Tests.Support;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Tests.Webhooks;

/// <summary>Receivers that misbehave, over real sockets on loopback.</summary>
public sealed class WebhookSenderTests
{
    private static readonly DeliveryOptions Quick = new() { TimeoutSeconds = 1, AnswerBytes = 16, AllowedPrivateDestinations = ["127.0.0.0/8"] };

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok")]
    [InlineData("HTTP/1.1 418 No\r\nContent-Length: 20\r\n\r\n0123456789abcdefghij", 418, "0123456789abcdef")] // bounded
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut", 200, "cut")] // the status is known, the body broke
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na\0b", 200, "a\uFFFDb")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n", 302, "")] // not followed
    [InlineData("HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 204 Done\r\n\r\n", 204, "")]
    public async Task What_is_answered_is_told(string wire, int status, string body)
    {
        using var receiver = new Scripted(wire);
        Assert.Equal(new AttemptOutcome.Answered(status, null, body), await Send(receiver.Url));
    }

    [Theory]
    [InlineData("Retry-After: 120", 120)]
    [InlineData("Retry-After: 0", null)]
    [InlineData("Retry-After: soon", null)]
    [InlineData("X: y", null)]
    public async Task Retry_After_is_read_in_seconds(string header, int? seconds)
    {
        using var receiver = new Scripted($"HTTP/1.1 503 Busy\r\n{header}\r\nContent-Length: 0\r\n\r\n");
        var answer = Assert.IsType<AttemptOutcome.Answered>(await Send(receiver.Url));
        Assert.Equal(seconds, (int?)answer.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public async Task Retry_After_is_read_as_a_date()
    {
        var at = DateTimeOffset.UtcNow.AddMinutes(10);
        using var receiver = new Scripted($"HTTP/1.1 429 Slow down\r\nRetry-After: {at:R}\r\nContent-Length: 0\r\n\r\n");
        var answer = Assert.IsType<AttemptOutcome.Answered>(await Send(receiver.Url));
        Assert.InRange(answer.RetryAfter!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData("", UnansweredBecause.Broken)] // accepts, reads, closes
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", UnansweredBecause.Broken)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", UnansweredBecause.Broken)]
    public async Task What_is_no_answer_is_told_too(string wire, UnansweredBecause because)
    {
        using var receiver = new Scripted(wire);
        Assert.Equal(because, Assert.IsType<AttemptOutcome.Unanswered>(await Send(receiver.Url)).Because);
    }

    [Fact]
    public async Task Endless_headers_are_cut_off()
    {
        using var receiver = new Scripted("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('x', 1000) + "\r\n", 100)) + "\r\n");
        Assert.Equal(UnansweredBecause.Broken, Assert.IsType<AttemptOutcome.Unanswered>(await Send(receiver.Url)).Because);
    }

    [Theory]
    [InlineData("")] // says nothing at all
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: ")] // stops within its headers
    public async Task Who_hangs_is_left_after_the_timeout(string wire)
    {
        using var receiver = new Scripted(wire, hang: true);
        var clock = Stopwatch.StartNew();
        Assert.Equal(UnansweredBecause.TimedOut, Assert.IsType<AttemptOutcome.Unanswered>(await Send(receiver.Url)).Because);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0.9, 10);
    }

    [Fact]
    public async Task Who_answers_200_and_hangs_in_the_body_has_answered_200()
    {
        using var receiver = new Scripted("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello", hang: true);
        Assert.Equal(new AttemptOutcome.Answered(200, null, "hello"), await Send(receiver.Url));
    }

    [Fact]
    public async Task Where_nobody_accepts_is_not_connected()
    {
        Uri url;
        using (var gone = new Scripted("")) url = gone.Url;
        Assert.Equal(UnansweredBecause.NotConnected, Assert.IsType<AttemptOutcome.Unanswered>(await Send(url)).Because);
    }

    [Fact]
    public async Task Who_speaks_no_TLS_on_https_fails_by_TLS()
    {
        using var receiver = new Scripted("HTTP/1.1 400 This is plain HTTP\r\n\r\n");
        var url = new UriBuilder(receiver.Url) { Scheme = "https" }.Uri;
        Assert.Equal(UnansweredBecause.TlsFailed, Assert.IsType<AttemptOutcome.Unanswered>(await Send(url)).Because);
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_the_address_that_was_judged_is_the_one_connected_to()
    {
        using var receiver = new Scripted("HTTP/1.1 204 Done\r\n\r\n");
        var asked = 0;
        // The first answer is allowed; whoever asks again is led astray.
        var outcome = await Send(new UriBuilder(receiver.Url) { Host = "hooks.example.com" }.Uri,
            (_, _) => Task.FromResult<IPAddress[]>(Interlocked.Increment(ref asked) == 1 ? [IPAddress.Parse("10.0.0.1"), IPAddress.Loopback] : [IPAddress.Parse("10.0.0.1")]));
        Assert.Equal(new AttemptOutcome.Answered(204), outcome);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task The_next_address_is_tried_when_the_first_refuses()
    {
        using var receiver = new Scripted("HTTP/1.1 204 Done\r\n\r\n");
        var outcome = await Send(new UriBuilder(receiver.Url) { Host = "hooks.example.com" }.Uri,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.99"), IPAddress.Loopback])); // the receiver is on 127.0.0.1 alone
        Assert.Equal(new AttemptOutcome.Answered(204), outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_without_address_is_not_resolved(bool throws)
    {
        var outcome = await Send(new Uri("http://nowhere.example.com/"), (_, _) => throws ? throw new SocketException((int)SocketError.HostNotFound) : Task.FromResult<IPAddress[]>([]));
        Assert.Equal(UnansweredBecause.NameNotResolved, Assert.IsType<AttemptOutcome.Unanswered>(outcome).Because);
    }

    private static async Task<AttemptOutcome> Send(Uri url, ResolveName? names = null)
    {
        var connect = new GuardedConnect(new EgressGuard(Quick.AllowedNetworks()), names ?? ((_, _) => throw new InvalidOperationException("an address needs no resolving")));
        using var http = new HttpMessageInvoker(WebhookHandler.Create(connect, Quick));
        return await new WebhookSender(http, TimeProvider.System, Quick.Timeout, Quick.AnswerBytes)
            .Send(new Webhook("msg_1", url.ToString(), Due.Secret, "{}"), DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);
    }

    /// <summary>Accepts, reads what is there, writes its bytes, and closes or hangs.</summary>
    private sealed class Scripted : IDisposable
    {
        private readonly TcpListener acceptor = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource over = new();

        public Scripted(string wire, bool hang = false)
        {
            acceptor.Start();
            _ = Serve(System.Text.Encoding.Latin1.GetBytes(wire), hang);
        }

        public Uri Url => new($"http://{acceptor.LocalEndpoint}/");

        private async Task Serve(byte[] wire, bool hang)
        {
            while (!over.IsCancellationRequested)
            {
                using var flow = await acceptor.AcceptTcpClientAsync(over.Token);
                await flow.GetStream().ReadAtLeastAsync(new byte[64], 1, throwOnEndOfStream: false, over.Token);
                await flow.GetStream().WriteAsync(wire, over.Token);
                if (hang) await new TaskCompletionSource().Task.WaitAsync(over.Token);
            }
        }

        public void Dispose()
        {
            over.Cancel();
            acceptor.Stop();
            over.Dispose();
        }
    }
}
