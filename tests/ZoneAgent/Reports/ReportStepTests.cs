using PrivateLinkCloud.ZoneAgent.Reports;

namespace PrivateLinkCloud.ZoneAgent.Tests.Reports;

public class ReportStepTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private readonly ReportStep _step = new(every: TimeSpan.FromSeconds(5), gather: TimeSpan.FromMilliseconds(50));
    private ReportState _state = ReportState.Start(T0);
    private DateTimeOffset _now = T0;

    private bool At(double seconds, ReportInput input)
    {
        _now = T0.AddSeconds(seconds);
        (_state, var send) = _step.Step(_state, _now, input);
        return send;
    }

    private void Settle()
    {
        Assert.True(At(0, ReportInput.Tick));
        Assert.False(At(0, ReportInput.Acknowledged));
    }

    [Fact]
    public void Reports_every_few_seconds_when_nothing_changes()
    {
        Settle();
        Assert.False(At(4.9, ReportInput.Tick));
        Assert.True(At(5, ReportInput.Tick));
    }

    [Fact]
    public void An_applied_plan_is_reported_at_once()
    {
        Settle();
        Assert.True(At(1, ReportInput.PlanApplied));
    }

    [Fact]
    public void Changes_of_health_wait_for_their_like_but_not_longer_for_more_of_them()
    {
        Settle();
        Assert.False(At(1, ReportInput.HealthChanged));
        Assert.False(At(1.04, ReportInput.HealthChanged));
        Assert.True(At(1.05, ReportInput.Tick));
    }

    [Fact]
    public void A_plan_applied_while_health_gathers_takes_it_along()
    {
        Settle();
        At(1, ReportInput.HealthChanged);
        Assert.True(At(1.01, ReportInput.PlanApplied));
        Assert.False(At(1.02, ReportInput.Acknowledged));
        Assert.False(At(1.05, ReportInput.Tick));
    }

    [Fact]
    public void What_happens_while_a_report_is_on_its_way_goes_right_after_it()
    {
        Assert.True(At(0, ReportInput.Tick));
        Assert.False(At(0.1, ReportInput.PlanApplied));
        Assert.True(At(0.2, ReportInput.Acknowledged));
    }

    [Fact]
    public void An_unacknowledged_report_is_sent_again_with_growing_pauses_no_longer_than_the_period()
    {
        Assert.True(At(0, ReportInput.Tick));
        var (pauses, at) = (new List<double>(), 0.0);
        for (var i = 0; i < 7; i++)
        {
            Assert.False(At(at, ReportInput.Failed));
            pauses.Add((_state.NextAt - _now).TotalSeconds);
            at = (_state.NextAt - T0).TotalSeconds;
            Assert.True(At(at, ReportInput.Tick));
        }
        Assert.Equal([0.25, 0.5, 1, 2, 4, 5, 5], pauses);
    }

    [Fact]
    public void Flapping_health_does_not_hammer_a_control_plane_that_is_away_but_a_new_plan_is_told_at_once()
    {
        At(0, ReportInput.Tick);
        for (var i = 0; i < 5; i++)
        {
            At(i * 10, ReportInput.Failed);
            if (i < 4) Assert.True(At((i * 10) + 6, ReportInput.Tick));
        }
        Assert.False(At(40.1, ReportInput.HealthChanged));
        Assert.False(At(40.2, ReportInput.Tick));
        Assert.True(At(40.3, ReportInput.PlanApplied));
    }
}
