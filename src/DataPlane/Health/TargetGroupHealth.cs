namespace PrivateLinkCloud.DataPlane;

/// <summary>Which targets of a group may get a new flow just now. Immutable; a flow reads it without a lock.</summary>
/// <param name="Everywhere">For a node with cross-zone on.</param>
/// <param name="ByZone">For a node with cross-zone off.</param>
/// <param name="FailOpen">Every target of every zone is known to be unhealthy, so all of them get flows (rules §2.6).</param>
internal sealed record InService(Target[] Everywhere, IReadOnlyDictionary<string, Target[]> ByZone, bool FailOpen)
{
    public static InService Nothing { get; } = new([], new Dictionary<string, Target[]>(), false);

    public Target[] For(Node node) => node.CrossZone ? Everywhere : ByZone.GetValueOrDefault(node.ZoneId, []);

    /// <summary>Initial targets get nothing, and while there is one the group has not failed: it may be about to pass.</summary>
    public static InService Of(IReadOnlyCollection<(Target Target, HealthStatus Status)> targets)
    {
        var failOpen = targets.All(t => t.Status == HealthStatus.Unhealthy);
        var chosen = targets.Where(t => failOpen || t.Status == HealthStatus.Healthy).Select(t => t.Target).ToArray();
        return new(chosen, chosen.GroupBy(t => t.ZoneId).ToDictionary(z => z.Key, z => z.ToArray()), failOpen && chosen.Length > 0);
    }
}

/// <summary>A group's checkers and what follows from them.</summary>
/// <param name="changed">A target's health as it is now, and the status it had before: the reason alone may have changed.</param>
internal sealed class TargetGroupHealth(TcpCheck check, TimeProvider time, Action<TargetKey, TargetHealth?> told, Action<TargetGroupHealth, TargetKey, TargetHealth, HealthStatus> changed) : IDisposable
{
    private readonly Lock sync = new();
    private readonly Dictionary<TargetKey, (Target Target, TargetChecker Checker)> targets = [];
    private volatile InService inService = InService.Nothing;
    private bool disposed;

    public InService InService => inService;
    public string Key { get; private set; } = "";

    /// <summary>Puts a changed group, or another node to check from, in force. What is known of targets that stay is kept.</summary>
    public void Follow(TargetGroup group, Node from)
    {
        lock (sync)
        {
            Key = group.Key;
            var wanted = new Dictionary<TargetKey, Target>();
            foreach (var target in group.Targets) wanted[new(group.Key, target.Address, target.Port)] = target;
            foreach (var gone in targets.Keys.Where(k => !wanted.ContainsKey(k)).ToList()) Remove(gone);
            foreach (var (key, target) in wanted) Keep(key, target, group.HealthCheck, from);
            Recount();
        }
    }

    private void Keep(TargetKey key, Target target, HealthCheck rule, Node from)
    {
        if (targets.TryGetValue(key, out var known))
        {
            targets[key] = (target, known.Checker);
            known.Checker.Follow(rule, from);
            return;
        }
        var checker = new TargetChecker(key, rule, from, check, time, OnChanged);
        targets[key] = (target, checker);
        told(key, new(checker.Known.Status, checker.Known.Reason));
        checker.Start();
    }

    private void Remove(TargetKey key)
    {
        if (targets.Remove(key, out var gone)) gone.Checker.Dispose();
        told(key, null);
    }

    private void OnChanged(TargetChecker checker, HealthState state)
    {
        TargetHealth health = new(state.Status, state.Reason);
        HealthStatus before;
        lock (sync)
        {
            if (!targets.TryGetValue(checker.Key, out var known) || known.Checker != checker) return; // Removed while it was being checked.
            before = checker.Known.Status;
            checker.Known = state;
            Recount();
            told(checker.Key, health); // Whoever reads that it is healthy may count on its being in service.
        }
        changed(this, checker.Key, health, before);
    }

    private void Recount() => inService = InService.Of([.. targets.Values.Select(t => (t.Target, t.Checker.Known.Status))]);

    public void Dispose()
    {
        lock (sync)
        {
            if (disposed) return;
            disposed = true;
            foreach (var key in targets.Keys.ToList()) Remove(key);
            Recount();
        }
    }
}
