using System.Globalization;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent.Reports;

/// <summary>Writes a report: the plan's standing, and the targets whose health differs from what was last acknowledged.</summary>
/// <param name="health">Of every target now.</param>
public sealed class ReportWriter(string agentId, int leaseSeconds, Func<IEnumerable<KeyValuePair<TargetKey, TargetHealth>>> health)
{
    private Dictionary<TargetKey, TargetHealth> _acknowledged = [];

    public ReportDraft Draft(PlanStanding standing)
    {
        var now = health().ToDictionary();
        var news = now.Where(target => !_acknowledged.TryGetValue(target.Key, out var told) || told != target.Value);
        return new ReportDraft(now, new ZoneReport
        {
            AgentId = agentId, Epoch = standing.Epoch, Revision = standing.Revision, LeaseSeconds = leaseSeconds,
            Troubles = standing.Troubles, Targets = [.. news.Select(target => Seen(target.Key, target.Value))],
        });
    }

    /// <summary>A target that left the plan is forgotten with this, so that it is told anew should it come back.</summary>
    public void Acknowledged(ReportDraft draft) => _acknowledged = draft.Health;

    private static TargetHealthSeen Seen(TargetKey target, TargetHealth health) => new(
        target.TargetGroupKey, target.Address.ToString(), target.Port, health.Status.ToString().ToLower(CultureInfo.InvariantCulture), health.Reason);
}

/// <summary>A report, and what is taken as told once it has arrived.</summary>
/// <param name="Health">What the report takes as told, once it is acknowledged.</param>
public sealed record ReportDraft(Dictionary<TargetKey, TargetHealth> Health, ZoneReport Report);
