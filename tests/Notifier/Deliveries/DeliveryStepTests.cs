using PrivateLinkCloud.Notifier.Deliveries;
using static PrivateLinkCloud.Notifier.Deliveries.UnansweredBecause;

namespace PrivateLinkCloud.Notifier.Tests.Deliveries;

public sealed class DeliveryStepTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeliverySchedule Default = DeliverySchedule.Parse(DeliverySchedule.Default, TimeSpan.FromHours(24));
    private static readonly DeliverySchedule Three = DeliverySchedule.Parse("0, 5, 60", TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(200, DeliveryState.Delivered)]
    [InlineData(204, DeliveryState.Delivered)]
    [InlineData(299, DeliveryState.Delivered)]
    [InlineData(199, DeliveryState.Pending)]
    [InlineData(301, DeliveryState.Pending)]
    [InlineData(307, DeliveryState.Pending)]
    [InlineData(400, DeliveryState.Pending)]
    [InlineData(404, DeliveryState.Pending)]
    [InlineData(410, DeliveryState.Gone)]
    [InlineData(429, DeliveryState.Pending)]
    [InlineData(500, DeliveryState.Pending)]
    [InlineData(503, DeliveryState.Pending)]
    public void An_answer_decides_what_becomes_of_a_delivery(int status, DeliveryState expected)
    {
        var after = DeliveryStep.After(Noon, New(Three), new AttemptOutcome.Answered(status), Three);
        Assert.Equal(expected, after.State);
        Assert.Equal(1, after.Attempts);
        Assert.Equal(expected == DeliveryState.Pending ? Noon.AddSeconds(5) : null, after.DueAt);
        Assert.Equal(expected == DeliveryState.Delivered, after.Reason is null);
    }

    [Theory]
    [InlineData(TimedOut)]
    [InlineData(NameNotResolved)]
    [InlineData(NotConnected)]
    [InlineData(TlsFailed)]
    [InlineData(Broken)]
    [InlineData(Refused)]
    public void No_answer_is_tried_again_and_says_why(UnansweredBecause because)
    {
        var after = DeliveryStep.After(Noon, New(Three), new AttemptOutcome.Unanswered(because, "so it was"), Three);
        Assert.Equal(new Delivery(DeliveryState.Pending, 1, Noon.AddSeconds(5), $"{because}: so it was"), after);
    }

    [Theory]
    [InlineData(429, 30, 30)] // longer than planned: honoured
    [InlineData(503, 30, 30)]
    [InlineData(503, 2, 5)] // shorter: the schedule stands
    [InlineData(429, 86400, 600)] // longer than the operator grants
    [InlineData(500, 30, 5)] // not a status that may ask
    [InlineData(302, 30, 5)]
    public void Retry_After_lengthens_the_pause_on_429_and_503_within_bounds(int status, int asked, int expected)
    {
        var after = DeliveryStep.After(Noon, New(Three), new AttemptOutcome.Answered(status, TimeSpan.FromSeconds(asked)), Three);
        Assert.Equal(Noon.AddSeconds(expected), after.DueAt);
    }

    [Fact]
    public void A_receiver_down_for_35_minutes_sees_four_attempts_on_schedule()
    {
        var up = Noon.AddMinutes(35);
        var attempts = Attempts(Default, at => at < up ? 503 : 200);
        Assert.Equal([0, 5, 305, 2105], attempts.Select(at => (at - Noon).TotalSeconds));
    }

    [Fact]
    public void A_dead_receiver_is_given_up_after_ten_attempts_over_75_hours()
    {
        var attempts = Attempts(Default, _ => 500);
        Assert.Equal(10, attempts.Count);
        Assert.Equal(new TimeSpan(75, 35, 5), attempts[^1] - Noon);
    }

    [Fact]
    public void The_last_attempt_of_the_schedule_may_still_succeed()
    {
        var last = new Delivery(DeliveryState.Pending, 2, Noon);
        Assert.Equal(DeliveryState.Delivered, DeliveryStep.After(Noon, last, new AttemptOutcome.Answered(200), Three).State);
        var exhausted = DeliveryStep.After(Noon, last, new AttemptOutcome.Answered(500), Three);
        Assert.Equal(new Delivery(DeliveryState.Exhausted, 3, null, "answered 500"), exhausted);
    }

    [Fact]
    public void A_final_delivery_stays_as_it_is_whatever_a_late_attempt_says()
    {
        foreach (var state in Enum.GetValues<DeliveryState>().Where(s => s != DeliveryState.Pending))
        {
            var final = new Delivery(state, 1, null, "before");
            Assert.Same(final, DeliveryStep.After(Noon, final, new AttemptOutcome.Answered(500), Three));
        }
    }

    [Fact]
    public void What_can_never_be_sent_is_final_on_arrival() =>
        Assert.Equal(new Delivery(DeliveryState.Undeliverable, 0, null, "no URL"), DeliveryStep.Received(Noon, "no URL", Three));

    [Theory]
    [InlineData("")]
    [InlineData("0, ,5")]
    [InlineData("0, -5")]
    [InlineData("5s")]
    [InlineData("1e400")]
    [InlineData("99999999999")]
    public void A_schedule_that_is_not_seconds_is_refused(string text) =>
        Assert.Throws<FormatException>(() => DeliverySchedule.Parse(text, TimeSpan.Zero));

    private static Delivery New(DeliverySchedule schedule) => DeliveryStep.Received(Noon, null, schedule);

    /// <summary>Lives a delivery on a virtual clock, each attempt taking no time.</summary>
    private static List<DateTimeOffset> Attempts(DeliverySchedule schedule, Func<DateTimeOffset, int> statusAt)
    {
        var made = new List<DateTimeOffset>();
        for (var delivery = New(schedule); delivery.DueAt is { } now; delivery = DeliveryStep.After(now, delivery, new AttemptOutcome.Answered(statusAt(now)), schedule))
            made.Add(now);
        return made;
    }
}
