using JasperFx.Events.Daemon.HighWater;
using Marten;
using Marten.Services;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>
/// Wakes the planner the moment events are stored, instead of at its next poll: in this process through a session listener, in the
/// others through a <see cref="Contracts.CommitNotice"/>. Losing a wake-up costs one polling interval, nothing else.
/// </summary>
public sealed class CommitWakeup : DocumentSessionListenerBase, IDaemonWakeup
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>Called after each local commit that stored events.</summary>
    public Action? Committed { get; set; }

    public Task WaitAsync(TimeSpan timeout, CancellationToken token) => _signal.WaitAsync(timeout, token);

    public void Wake()
    {
        try { _signal.Release(); }
        catch (SemaphoreFullException) { /* already awake */ }
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (!commit.GetStreams().Any()) return Task.CompletedTask;
        Wake();
        Committed?.Invoke();
        return Task.CompletedTask;
    }

    public void Dispose() => _signal.Dispose();
}
