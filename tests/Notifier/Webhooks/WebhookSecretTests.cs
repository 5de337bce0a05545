using PrivateLinkCloud.Notifier.Tests.Support;
using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Tests.Webhooks;

public sealed class WebhookSecretTests
{
    /// <summary>The example of the specification's reference libraries.</summary>
    [Fact]
    public void The_signature_is_the_one_the_reference_libraries_make()
    {
        Assert.True(WebhookSecret.TryParse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var secret));
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", secret.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, """{"test": 2432232314}"""));
    }

    [Fact]
    public void An_independent_receiver_verifies_text_beyond_ASCII()
    {
        const string text = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
        Assert.True(WebhookSecret.TryParse(text, out var secret));
        const string body = """{"name":"Größe 🦊"}""";
        var signature = secret.Sign("msg_1", 1700000000, body);
        var now = DateTimeOffset.FromUnixTimeSeconds(1700000100);
        Assert.True(StandardWebhooks.Verify(text, "msg_1", "1700000000", signature, body, now));
        Assert.False(StandardWebhooks.Verify(text, "msg_2", "1700000000", signature, body, now));
        Assert.False(StandardWebhooks.Verify(text, "msg_1", "1700000001", signature, body, now));
        Assert.False(StandardWebhooks.Verify(text, "msg_1", "1700000000", signature, body + " ", now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("C2FVsBQIhrscChlQIMV+b5sSYspob7oD")] // no prefix
    [InlineData("whsec_")]
    [InlineData("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7o")] // not base64
    [InlineData("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")] // 23 bytes
    [InlineData("whpk_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")]
    public void What_is_not_a_secret_is_not_parsed(string? text) => Assert.False(WebhookSecret.TryParse(text, out _));

    [Theory]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    [InlineData(200, false)]
    public void A_secret_has_24_to_64_bytes(int bytes, bool valid) =>
        Assert.Equal(valid, WebhookSecret.TryParse("whsec_" + Convert.ToBase64String(new byte[bytes]), out _));

    [Fact]
    public void A_secret_does_not_print_itself()
    {
        Assert.True(WebhookSecret.TryParse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", out var secret));
        Assert.DoesNotContain("C2FV", secret.ToString(), StringComparison.Ordinal);
    }
}
