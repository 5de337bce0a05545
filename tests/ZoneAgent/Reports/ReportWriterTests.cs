using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Plans;
using PrivateLinkCloud.ZoneAgent.Reports;

namespace PrivateLinkCloud.ZoneAgent.Tests.Reports;

public class ReportWriterTests
{
    private readonly Dictionary<TargetKey, TargetHealth> _health = new()
    {
        [new("targetGroup/tg", IPAddress.Parse("10.0.9.1"), 80)] = new(HealthStatus.Healthy, null),
        [new("targetGroup/tg", IPAddress.Parse("10.0.9.2"), 80)] = new(HealthStatus.Unhealthy, "Target.Timeout"),
    };

    [Fact]
    public void Targets_are_told_until_acknowledged_and_then_only_when_they_change()
    {
        var writer = new ReportWriter("agent-1", 15, () => _health);
        var standing = new PlanStanding("e1", 7, [new EntryTrouble("door/a", "no")]);
        var first = writer.Draft(standing);
        Assert.Equal([new TargetHealthSeen("targetGroup/tg", "10.0.9.1", 80, "healthy", null), new TargetHealthSeen("targetGroup/tg", "10.0.9.2", 80, "unhealthy", "Target.Timeout")],
            first.Report.Targets.OrderBy(t => t.Address));
        Assert.Equal(("agent-1", "e1", 7L, 15, 1), (first.Report.AgentId, first.Report.Epoch, first.Report.Revision, first.Report.LeaseSeconds, first.Report.Troubles.Count));

        Assert.Equal(2, writer.Draft(standing).Report.Targets.Count); // the first was lost
        writer.Acknowledged(first);
        Assert.Empty(writer.Draft(standing).Report.Targets);

        _health[new("targetGroup/tg", IPAddress.Parse("10.0.9.2"), 80)] = new(HealthStatus.Healthy, null);
        Assert.Equal("10.0.9.2", Assert.Single(writer.Draft(standing).Report.Targets).Address);
    }

    [Fact]
    public void A_change_that_comes_while_a_report_is_on_its_way_is_in_the_next()
    {
        var writer = new ReportWriter("agent-1", 15, () => _health);
        var sent = writer.Draft(PlanStanding.None);
        _health[new("targetGroup/tg", IPAddress.Parse("10.0.9.1"), 80)] = new(HealthStatus.Unhealthy, "Target.Timeout");
        writer.Acknowledged(sent);
        Assert.Equal("unhealthy", Assert.Single(writer.Draft(PlanStanding.None).Report.Targets).State);
    }
}
