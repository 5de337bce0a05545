using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// Lets time pass for endpoints (expiry, partial, failed, drained) and leases. Every control plane runs it: what two of them notice at
/// once is decided by the law, and the second finds nothing left to do.
/// </summary>
public sealed class Clock(CrossTenant crossTenant, CommandHandling commands, ZoneLeases leases, ZoneSettings settings, TimeProvider time, ILogger<Clock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromSeconds(settings.DeadlineTickSeconds), time);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try { await TickAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { log.TickFailed(e); } // the database is away: the next tick finds the same things due
        }
    }

    private async Task TickAsync(CancellationToken ct)
    {
        await leases.ExpireAsync(ct);
        foreach (var id in await crossTenant.EndpointsDueAsync(time.GetUtcNow(), ct))
            await commands.HandleAsync<InterfaceEndpoint>(MartenSetup.PlatformTenant, id, nameof(PassTime), e => Task.FromResult(InterfaceEndpointDecider.Decide(e, new PassTime(time.GetUtcNow()))), ct);
    }
}
