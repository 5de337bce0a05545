using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace PrivateLinkCloud.Lab;

/// <summary>What the product finds around it in production and the lab plays on one loopback port: the identity provider and the
/// provider's webhook destination.</summary>
public sealed class Surroundings(TimeProvider time) : IAsyncDisposable
{
    private readonly WebApplication _app = Build();

    public TokenIssuer Issuer { get; } = new(time);
    public WebhookReceiver Webhooks { get; } = new(time);
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public async Task StartAsync()
    {
        Issuer.Map(_app);
        Webhooks.Map(_app);
        await _app.StartAsync();
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
        Issuer.Issuer = Address;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Issuer.Dispose();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        // The lab ends by itself, in its own order; the host must not take Ctrl-C for its own.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
