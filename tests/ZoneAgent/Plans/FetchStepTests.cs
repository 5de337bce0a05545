using PrivateLinkCloud.ZoneAgent.Plans;

namespace PrivateLinkCloud.ZoneAgent.Tests.Plans;

public class FetchStepTests
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private readonly FetchStep _step = new(TimeSpan.FromSeconds(10));
    private FetchState _state = FetchState.Start("e1", 5, T0);
    private DateTimeOffset _now = T0;

    private FetchAction? Step(FetchInput input)
    {
        (_state, var action) = _step.Step(_state, _now, chance: 1, input);
        return action;
    }

    private void Settle()
    {
        Assert.NotNull(Step(new FetchInput.Tick()));
        Assert.Null(Step(new FetchInput.Answered("e1", 5)));
    }

    [Fact]
    public void Looks_at_start_naming_what_it_holds() => Assert.Equal(new FetchAction("e1", 5), Step(new FetchInput.Tick()));

    [Fact]
    public void Asks_for_everything_when_it_holds_nothing()
    {
        _state = FetchState.Start("", 0, T0);
        Assert.Equal(new FetchAction(null, null), Step(new FetchInput.Tick()));
    }

    [Fact]
    public void Looks_again_on_the_slow_timer_and_not_before()
    {
        Settle();
        _now = T0.AddSeconds(9.9);
        Assert.Null(Step(new FetchInput.Tick()));
        _now = T0.AddSeconds(10);
        Assert.NotNull(Step(new FetchInput.Tick()));
    }

    [Fact]
    public void The_slow_timer_is_spread_over_its_second_half()
    {
        Step(new FetchInput.Tick());
        Assert.Equal(T0.AddSeconds(5), _step.Step(_state, T0, 0, new FetchInput.Answered("e1", 5)).State.NextAt);
        Assert.Equal(T0.AddSeconds(10), _step.Step(_state, T0, 1, new FetchInput.Answered("e1", 5)).State.NextAt);
    }

    [Fact]
    public void A_doorbell_of_something_newer_fetches_at_once_and_an_old_one_does_not()
    {
        Settle();
        Assert.Null(Step(new FetchInput.Rang("e1", 4)));
        Assert.Null(Step(new FetchInput.Rang("e1", 5)));
        Assert.Equal(new FetchAction("e1", 5), Step(new FetchInput.Rang("e1", 6)));
    }

    [Fact]
    public void A_doorbell_of_another_epoch_fetches()
    {
        Settle();
        Assert.NotNull(Step(new FetchInput.Rang("e2", 1)));
    }

    [Fact]
    public void A_burst_during_a_fetch_costs_one_more_fetch()
    {
        Settle();
        Assert.NotNull(Step(new FetchInput.Rang("e1", 6)));
        for (var revision = 7; revision < 50; revision++) Assert.Null(Step(new FetchInput.Rang("e1", revision)));
        Assert.NotNull(Step(new FetchInput.Answered("e1", 7)));
        Assert.Null(Step(new FetchInput.Answered("e1", 49)));
    }

    [Fact]
    public void A_burst_that_the_answer_covers_costs_nothing_more()
    {
        Settle();
        Step(new FetchInput.Rang("e1", 6));
        for (var revision = 7; revision < 50; revision++) Step(new FetchInput.Rang("e1", revision));
        Assert.Null(Step(new FetchInput.Answered("e1", 49)));
    }

    [Fact]
    public void A_doorbell_that_lied_does_not_make_it_spin()
    {
        Settle();
        Step(new FetchInput.Rang("e1", 99));
        Assert.Null(Step(new FetchInput.Answered("e1", 5)));
        Assert.Equal(T0.AddMilliseconds(250), _state.NextAt);
        _now = _state.NextAt;
        Assert.NotNull(Step(new FetchInput.Tick()));
        Assert.Null(Step(new FetchInput.Answered("e1", 5)));
        Assert.Equal(_now.AddSeconds(10), _state.NextAt);
    }

    [Fact]
    public void Failures_pause_longer_and_longer_up_to_the_slow_timer_and_a_doorbell_ends_the_pause()
    {
        Step(new FetchInput.Tick());
        var pauses = new List<double>();
        for (var i = 0; i < 8; i++)
        {
            Assert.Null(Step(new FetchInput.Failed()));
            pauses.Add((_state.NextAt - _now).TotalSeconds);
            _now = _state.NextAt;
            Assert.NotNull(Step(new FetchInput.Tick()));
        }
        Assert.Equal([0.25, 0.5, 1, 2, 4, 8, 10, 10], pauses);
        Step(new FetchInput.Failed());
        Assert.NotNull(Step(new FetchInput.Rang("e1", 6)));
    }

    [Fact]
    public void A_refused_change_is_followed_by_the_whole_plan_at_once_and_then_by_pauses()
    {
        Step(new FetchInput.Tick());
        Assert.Equal(new FetchAction(null, null), Step(new FetchInput.Refused(NeedsWhole: true)));
        Assert.Null(Step(new FetchInput.Refused(NeedsWhole: true)));
        Assert.True(_state.NextAt > _now);
    }

    [Fact]
    public void Never_two_fetches_at_a_time()
    {
        Assert.NotNull(Step(new FetchInput.Tick()));
        _now = T0.AddHours(1);
        Assert.Null(Step(new FetchInput.Tick()));
        Assert.Null(Step(new FetchInput.Rang("e1", 9)));
    }
}
