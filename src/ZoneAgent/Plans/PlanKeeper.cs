using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PrivateLinkCloud.Contracts;

namespace PrivateLinkCloud.ZoneAgent.Plans;

/// <summary>What a report says about the plan, as one consistent value.</summary>
public sealed record PlanStanding(string Epoch, long Revision, ImmutableArray<EntryTrouble> Troubles)
{
    public static PlanStanding None { get; } = new("", 0, []);

    public bool SaysTheSameAs(PlanStanding other) => Epoch == other.Epoch && Revision == other.Revision && Troubles.SequenceEqual(other.Troubles);
}

/// <summary>
/// Holds the plan: takes an update over, puts it in force, keeps it on disk. The disk and the host work at the same time; a report
/// goes out when both are done, so that what the control plane believes survives a crash.
/// </summary>
public sealed class PlanKeeper(string zoneId, PlanStore? store, Reconciler reconciler, ILogger<PlanKeeper> logger)
{
    private readonly Lock _turn = new(); // guards the plan and the reconciler: fetch, audit and plan file take turns
    private HeldPlan _plan = HeldPlan.None(zoneId);
    private string? _refused;
    private string? _unkept;
    private bool _swept;
    private volatile PlanStanding _standing = PlanStanding.None;
    private PlanStanding _told = PlanStanding.None;

    /// <summary>As of the last turn.</summary>
    public PlanStanding Standing => _standing;

    /// <summary>Raised after every turn that changed <see cref="Standing"/>. Handlers return quickly.</summary>
    public event Action? Changed;

    /// <summary>Puts the plan on disk in force, before anybody is asked. Throws when the disk cannot be read or written.</summary>
    public void Start()
    {
        if (store is null) return;
        lock (_turn)
        {
            var (plan, damage) = store.Load();
            if (damage is not null) logger.PlanOnDiskDamaged(damage);
            if (plan.IsTaken) TryPutInForce(plan, [.. plan.Entries.Keys]);
        }
    }

    /// <summary>Takes an update over, or refuses it whole.</summary>
    public MergeResult Take(ZonePlan update)
    {
        lock (_turn)
        {
            var result = PlanMerge.Take(_plan, update);
            switch (result)
            {
                case MergeResult.Taken taken:
                    _refused = null;
                    var kept = Task.Run(() => Keep(update, taken.Plan));
                    if (!TryPutInForce(taken.Plan, taken.Touched)) result = new MergeResult.Refused(_refused!);
                    kept.Wait();
                    break;
                case MergeResult.Refused refused:
                    Refuse(refused.Reason);
                    break;
            }
            Tell();
            if (store is { NeedsCompaction: true }) Compact(); // after the report is on its way: nobody waits for this
            return result;
        }
    }

    /// <summary>Notes that something that should have been a plan was none.</summary>
    public void RefuseUnreadable(string reason)
    {
        lock (_turn)
        {
            Refuse(reason);
            Tell();
        }
    }

    /// <summary>Compares the host with the plan and mends what differs.</summary>
    public void Audit()
    {
        lock (_turn)
        {
            if (!_plan.IsTaken) return;
            reconciler.Audit(_plan);
            Tell();
        }
    }

    private void Refuse(string reason)
    {
        if (_refused != reason) logger.PlanRefused(reason);
        _refused = reason;
    }

    private bool TryPutInForce(HeldPlan plan, IReadOnlyCollection<string> touched)
    {
        try
        {
            PutInForce(plan, touched);
            return true;
        }
#pragma warning disable CA1031 // a mistake of ours in one entry must not end the process that carries all the others; the report tells it
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.ReconcileFailed(e);
            Refuse($"could not be put in force: {e.Message}");
            return false;
        }
    }

    private void PutInForce(HeldPlan plan, IReadOnlyCollection<string> touched)
    {
        var began = Stopwatch.GetTimestamp();
        var diff = reconciler.Apply(plan, touched);
        _plan = plan;
        if (!_swept) reconciler.Sweep(plan);
        _swept = true;
        foreach (var (key, reason) in reconciler.Troubles) logger.Trouble(key, reason);
        logger.PlanApplied(plan.Epoch, plan.Revision, diff.ToString(), reconciler.Troubles.Count, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        Restand();
    }

    private void Keep(ZonePlan update, HeldPlan plan)
    {
        try
        {
            if (_unkept is null) store?.Append(update);
            else store?.Compact(plan); // what could not be kept is missing in the log, and later changes would be read back onto the wrong plan
            _unkept = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.PlanNotKept(e); // a full disk must not stop traffic; the report says so
            _unkept = $"in force, but not kept on disk: {e.Message}";
        }
    }

    private void Compact()
    {
        try
        {
            store!.Compact(_plan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            logger.PlanNotKept(e); // the log only stays longer than it need be
        }
    }

    /// <summary>Only news is told: a look at the host that found everything in order is none.</summary>
    private void Tell()
    {
        Restand();
        if (_standing.SaysTheSameAs(_told)) return;
        _told = _standing;
        Changed?.Invoke();
    }

    private void Restand()
    {
        var troubles = reconciler.Troubles.Select(t => new EntryTrouble(t.Key, t.Value));
        var own = new[] { _refused, _unkept }.OfType<string>().Select(reason => new EntryTrouble("plan", reason));
        _standing = new PlanStanding(_plan.Epoch, _plan.Revision, [.. own, .. troubles]);
    }
}
