using PrivateLinkCloud.Notifier.Webhooks;

namespace PrivateLinkCloud.Notifier.Tests.Webhooks;

public sealed class DestinationUrlTests
{
    [Theory]
    [InlineData("https://hooks.example.com/plc")]
    [InlineData("http://hooks.example.com:8080/a?b=c")]
    [InlineData("https://[2606:4700::1111]/")]
    public void An_absolute_http_URL_is_a_destination(string url) => Assert.Null(DestinationUrl.Fault(url));

    [Theory]
    [InlineData("")]
    [InlineData("/hooks")]
    [InlineData("hooks.example.com/plc")]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1:6379/_SET")]
    [InlineData("https://user:word@hooks.example.com/")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://hooks.example.com/#part")]
    [InlineData("http:///path")]
    [InlineData("http://hooks.example.com:0/")]
    [InlineData("http://hooks.example.com:99999/")]
    public void Anything_else_is_not(string url) => Assert.NotNull(DestinationUrl.Fault(url));

    [Fact]
    public void An_endless_URL_is_not() => Assert.NotNull(DestinationUrl.Fault("https://hooks.example.com/" + new string('a', 2048)));

    [Theory]
    [InlineData("https://Hooks.Example.com/a", "https://hooks.example.com:443")]
    [InlineData("https://hooks.example.com:443/b?c", "https://hooks.example.com:443")]
    [InlineData("http://hooks.example.com/a", "http://hooks.example.com:80")]
    [InlineData("http://0x7f.1/", "http://127.0.0.1:80")]
    public void One_server_has_one_key_however_it_is_spelled(string url, string key) => Assert.Equal(key, DestinationUrl.Key(url));
}
