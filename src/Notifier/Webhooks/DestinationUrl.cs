namespace PrivateLinkCloud.Notifier.Webhooks;

/// <summary>What a destination's URL must look like; where it leads is the egress guard's question.</summary>
public static class DestinationUrl
{
    private const int Longest = 2048;

    /// <summary>Why the text is not a destination; null when it is one.</summary>
    public static string? Fault(string text)
    {
        if (text.Length > Longest) return $"the URL has more than {Longest} characters";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) return "the URL is not absolute";
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) return $"the URL's scheme is '{uri.Scheme}', not http or https";
        if (uri.UserInfo.Length > 0) return "the URL carries credentials";
        if (uri.Fragment.Length > 0) return "the URL has a fragment";
        return uri.Host.Length == 0 || uri.Port == 0 ? "the URL has no host, or port 0" : null;
    }

    /// <summary>What concurrency is bounded by: one server, however many paths and subscriptions lead to it.</summary>
    public static string Key(string url) => new Uri(url).GetComponents(UriComponents.SchemeAndServer | UriComponents.StrongPort, UriFormat.UriEscaped);
}
