using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// Rings zones' doorbells and tells the other control planes of commits, beside the work and never in its way: only the newest ring per
/// zone is kept, and with the broker away they are dropped (agents also look on a slow timer).
/// </summary>
public sealed class Doorbells(IBus bus, CommitWakeup wakeup, ControlPlaneIdentity identity, ILogger<Doorbells> log) : BackgroundService
{
    /// <summary>How long a ring may take before it is dropped; the broker is not there, or not well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, ZoneDoorbell> _waiting = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _committed;

    public void Ring(ZoneDoorbell doorbell)
    {
        _waiting[doorbell.ZoneId] = doorbell;
        _signal.Writer.TryWrite(true);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        wakeup.Committed = () =>
        {
            Interlocked.Exchange(ref _committed, 1);
            _signal.Writer.TryWrite(true);
        };
        await foreach (var _ in _signal.Reader.ReadAllAsync(stoppingToken))
        {
            if (Interlocked.Exchange(ref _committed, 0) == 1) await SendAsync(ct => bus.Publish(new CommitNotice { From = identity.Name }, ct), stoppingToken);
            foreach (var zone in _waiting.Keys.ToList())
                if (_waiting.TryRemove(zone, out var doorbell))
                    await SendAsync(ct => bus.Publish(doorbell, c => c.SetRoutingKey(zone), ct), stoppingToken);
        }
    }

    private async Task SendAsync(Func<CancellationToken, Task> send, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(Patience);
        try { await send(patience.Token); }
        catch (Exception e) when (!stopping.IsCancellationRequested) { log.DoorbellDropped(e.Message); }
    }
}
