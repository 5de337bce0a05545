using PrivateLinkCloud.Notifier.Egress;
using PrivateLinkCloud.Notifier.Platform;

namespace PrivateLinkCloud.Notifier.Webhooks;

/// <summary>The HTTP handler of all webhooks, with everything a destination could abuse turned off or bounded.</summary>
public static class WebhookHandler
{
    public static SocketsHttpHandler Create(GuardedConnect connect, DeliveryOptions options) => new()
    {
        ConnectCallback = connect.Connect,
        ConnectTimeout = options.Timeout,
        AllowAutoRedirect = false, // a redirect would lead past the guard's owner, and a webhook's URL is what was agreed on
        UseProxy = false, // a proxy resolves and connects by itself: nothing would be guarded
        UseCookies = false,
        ActivityHeadersPropagator = null, // our trace ids are nobody's business outside
        MaxResponseHeadersLength = 16, // KiB
        MaxResponseDrainSize = 16 * 1024,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        PooledConnectionLifetime = TimeSpan.FromMinutes(1), // then the name is resolved and judged anew
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    };
}
