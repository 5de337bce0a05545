using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Services;
using Marten.Subscriptions;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Zones;

/// <summary>
/// How does a zone learn? Station 7 of the walk. Tails the event store: for each page, plans the owners the events touched, writes their
/// entries in the transaction that also moves the subscription's progress, and rings the changed zones' doorbells after the commit.
/// A page may come twice and a doorbell may be lost; neither matters, because the plan depends on the documents alone.
/// </summary>
public sealed class ZonePlanPublisher : SubscriptionBase
{
    private readonly Lazy<Parts> _parts;

    /// <summary>What it works with. Resolved on first use: the store that runs this subscription is itself one of the parts' needs.</summary>
    public sealed record Parts(PlanFacts Facts, Doorbells Doorbells, ZoneReadiness Readiness, WalkLog Walk, ZoneSettings Settings);

    public ZonePlanPublisher(Func<Parts> parts)
    {
        _parts = new Lazy<Parts>(parts);
        Name = "ZonePlan";
        Options.BatchSize = 100;
    }

    public override async Task<IChangeListener> ProcessEventsAsync(EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        // 1. Whose entries may have changed? Each owner once.
        var owners = new HashSet<string>();
        foreach (var e in page.Events.Where(e => e.Data is not Tombstone))
            owners.UnionWith(await _parts.Value.Facts.OwnersAsync(e.TenantId, e.StreamKey!, e.Data, cancellationToken));
        if (owners.Count == 0) return NullChangeListener.Instance;

        // 2. What should they have now?
        var planned = await _parts.Value.Facts.PlanAsync(owners, cancellationToken);

        // 3. Write it with this page's progress, then ring.
        var writer = new PlanWriter(planned, _parts.Value.Facts, _parts.Value.Settings.TombstonesKept);
        ((ITransactionParticipantRegistrar)operations).AddTransactionParticipant(writer);
        return new AfterCommit(this, writer, [.. owners.Where(o => o.StartsWith("vpce-", StringComparison.Ordinal))]);
    }

    private async Task CommittedAsync(PlanWriter writer, IReadOnlyList<string> endpoints, CancellationToken ct)
    {
        foreach (var change in writer.Changes)
        {
            var changed = endpoints.Where(change.Owners.ContainsKey).ToList();
            foreach (var endpoint in changed) _parts.Value.Walk.Planned(endpoint, change.ZoneId, change.Revision, change.Owners[endpoint]);
            _parts.Value.Doorbells.Ring(new Contracts.ZoneDoorbell { ZoneId = change.ZoneId, Epoch = change.Epoch, Revision = change.Revision });
            foreach (var endpoint in changed) _parts.Value.Walk.Rung(endpoint, change.ZoneId, change.Revision);
        }
        // A wish whose plan was in force already (rejected and re-accepted before we looked) will not be reported again.
        var changedIn = writer.Changes.SelectMany(c => c.Owners.Keys.Select(owner => (owner, c.ZoneId))).ToHashSet();
        await _parts.Value.Readiness.ReconsiderAsync(endpoints, (endpoint, zone) => !changedIn.Contains((endpoint, zone)), ct);
    }

    private sealed class AfterCommit(ZonePlanPublisher publisher, PlanWriter writer, IReadOnlyList<string> endpoints) : IChangeListener
    {
        public Task BeforeCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => Task.CompletedTask;
        public Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token) => publisher.CommittedAsync(writer, endpoints, token);
    }
}
