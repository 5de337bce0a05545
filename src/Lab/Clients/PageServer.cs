using System.Net;

namespace PrivateLinkCloud.Lab.Clients;

/// <summary>The provider's HTTP target: a page that says which zone it comes from.</summary>
public static class PageServer
{
    public static async Task<int> RunAsync(string address, int port, string zoneId)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Parse(address), port));
        var app = builder.Build();
        app.MapGet("/", () => TypedResults.Text($"Hello from {zoneId} through a private link.\n"));
        await app.StartAsync();
        // A server that has never answered compiles its first answer; what the lab times is the way to it.
        using (var http = new HttpClient()) await http.GetStringAsync(new Uri($"http://{address}:{port}/"));
        await app.WaitForShutdownAsync();
        return 0;
    }
}
