using System.ComponentModel;
using System.Diagnostics;

namespace PrivateLinkCloud.Dns.Tests;

/// <summary>BIND's own client, where it is installed: it warns about what it dislikes in a reply, and none of that may appear.</summary>
public sealed class DigTests : IAsyncLifetime
{
    private readonly LoopbackResolver resolver = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;
    public ValueTask DisposeAsync() => resolver.DisposeAsync();

    [Fact]
    public async Task It_reads_an_answer() =>
        Assert.Matches(@"status: NOERROR.*flags: qr aa rd ra;.*udp: 1232.*vPcE-1-aBc\.\S+\s+60\s+IN\s+A\s+10\.0\.1\.10", await Dig("+qr", $"vPcE-1-aBc{Vpc.Regional[10..]}", "A"));

    [Fact]
    public async Task It_reads_nxdomain() => Assert.Matches(@"status: NXDOMAIN.*AUTHORITY SECTION:\s+vpce\.example\.net\.\s+5\s+IN\s+SOA", await Dig("x.vpce.example.net", "A"));

    [Fact]
    public async Task It_comes_back_over_tcp() => Assert.Matches(@"Truncated, retrying in TCP mode.*ANSWER: 100,", await Dig("+nostats", Vpc.Crowded, "A"));

    [Fact]
    public async Task It_retries_with_our_edns_version() => Assert.Matches(@"status: BADVERS", await Dig("+edns=1", "+noednsneg", Vpc.Regional, "A"));

    [Fact]
    public async Task It_shows_the_explanation() => Assert.Matches(@"status: REFUSED.*EDE: 0 \(Other\): \(no upstream is configured\)", await Dig("www.example.com", "A"));

    [Fact]
    public async Task It_gets_no_version_out_of_us() => Assert.Matches(@"status: REFUSED", await Dig("version.bind", "TXT", "CH"));

    private async Task<string> Dig(params string[] arguments)
    {
        var start = new ProcessStartInfo("dig", ["@127.0.0.1", "-p", $"{resolver.Address.Port}", "+tries=1", "+time=20", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process? process = null;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"dig is not installed ({e.Message}); apt-get install bind9-dnsutils");
        }
        using (process)
        {
            var output = await process!.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("WARNING", output, StringComparison.Ordinal);
            return output.ReplaceLineEndings(" ");
        }
    }
}
