namespace PrivateLinkCloud.DataPlane.Tests;

public sealed class HealthStepTests
{
    private static readonly HealthCheck Rule = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), HealthyThreshold: 3, UnhealthyThreshold: 2);

    /// <summary>P: a check passed, F: it failed, N: it could not be made.</summary>
    [Theory]
    [InlineData("", HealthStatus.Initial)]
    [InlineData("P", HealthStatus.Healthy)]
    [InlineData("F", HealthStatus.Initial)]
    [InlineData("FP", HealthStatus.Healthy)]
    [InlineData("FF", HealthStatus.Unhealthy)]
    [InlineData("FNF", HealthStatus.Unhealthy)]
    [InlineData("PF", HealthStatus.Healthy)]
    [InlineData("PFPF", HealthStatus.Healthy)]
    [InlineData("PFF", HealthStatus.Unhealthy)]
    [InlineData("PFFP", HealthStatus.Unhealthy)]
    [InlineData("PFFPP", HealthStatus.Unhealthy)]
    [InlineData("PFFPPFPP", HealthStatus.Unhealthy)]
    [InlineData("PFFPPNP", HealthStatus.Healthy)]
    [InlineData("FFPPP", HealthStatus.Healthy)]
    [InlineData("NNNN", HealthStatus.Initial)]
    public void Checks_lead_to_a_status(string checks, HealthStatus expected)
    {
        var state = HealthState.New(TimeSpan.Zero);
        foreach (var check in checks)
        {
            (state, var start) = HealthStep.Next(state.NextCheck, state, HealthInput.Tick, Rule);
            Assert.True(start);
            (state, _) = HealthStep.Next(state.NextCheck, state, check switch { 'P' => HealthInput.Passed, 'F' => HealthInput.Failed(TcpCheck.Refused), _ => HealthInput.NoVerdict }, Rule);
        }
        Assert.Equal(expected, state.Status);
        Assert.Equal(expected switch { HealthStatus.Healthy => null, HealthStatus.Unhealthy => "Target.FailedHealthChecks", _ => "Elb.InitialHealthChecking" }, state.Reason);
    }

    [Fact]
    public void The_first_check_is_due_at_once_and_the_next_an_interval_after_it_began()
    {
        var now = TimeSpan.FromSeconds(100);
        var (state, start) = HealthStep.Next(now, HealthState.New(now), HealthInput.Tick, Rule);
        Assert.True(start);
        Assert.Equal(TimeSpan.FromSeconds(130), state.NextCheck);
        (state, start) = HealthStep.Next(TimeSpan.FromSeconds(131), state, HealthInput.Tick, Rule);
        Assert.False(start, "a check is under way");
        (state, _) = HealthStep.Next(TimeSpan.FromSeconds(109), state, HealthInput.Failed(TcpCheck.TimedOut), Rule);
        Assert.False(HealthStep.Next(TimeSpan.FromSeconds(129), state, HealthInput.Tick, Rule).Check);
        Assert.True(HealthStep.Next(TimeSpan.FromSeconds(130), state, HealthInput.Tick, Rule).Check);
    }

    [Fact]
    public void A_shorter_interval_takes_effect_now_and_a_longer_one_after_the_check_that_is_due()
    {
        var state = HealthState.New(TimeSpan.Zero) with { NextCheck = TimeSpan.FromSeconds(30) };
        TimeSpan After(double interval) => HealthStep.Next(TimeSpan.FromSeconds(10), state, HealthInput.RuleChanged, Rule with { Interval = TimeSpan.FromSeconds(interval) }).State.NextCheck;
        Assert.Equal(TimeSpan.FromSeconds(15), After(5));
        Assert.Equal(TimeSpan.FromSeconds(30), After(300));
    }
}
