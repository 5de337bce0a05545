using System.Collections.Immutable;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Reports;

namespace PrivateLinkCloud.ZoneAgent.Tests.Reports;

public class FlowCountersTests
{
    private static EndpointCounters Counters(long started, long toTarget, long toConsumer, params (FlowEnd End, long Count)[] ends) =>
        new(started, started - ends.Sum(e => e.Count), toTarget, toConsumer, ends.ToImmutableSortedDictionary(e => e.End, e => e.Count));

    [Fact]
    public void The_first_line_says_all_there_is() => Assert.Equal(5, FlowCountersLoop.Gained(null, Counters(5, 1, 2))!.NewFlows);

    [Fact]
    public void What_did_not_move_gets_no_line() =>
        Assert.Null(FlowCountersLoop.Gained(Counters(5, 1, 2, (FlowEnd.ConsumerClosed, 3)), Counters(5, 1, 2, (FlowEnd.ConsumerClosed, 3))));

    [Fact]
    public void A_line_says_what_was_added_and_what_is_open()
    {
        var gained = FlowCountersLoop.Gained(Counters(5, 10, 20, (FlowEnd.ConsumerClosed, 3), (FlowEnd.TargetLost, 1)), Counters(7, 11, 22, (FlowEnd.ConsumerClosed, 5), (FlowEnd.TargetLost, 1)))!;
        Assert.Equal((2, 1, 1, 2), (gained.NewFlows, gained.ActiveFlows, gained.BytesToTarget, gained.BytesToConsumer));
        Assert.Equal([KeyValuePair.Create(FlowEnd.ConsumerClosed, 2L)], gained.Ends);
    }

    [Fact]
    public void An_end_alone_gets_a_line() => Assert.NotNull(FlowCountersLoop.Gained(Counters(1, 0, 0), Counters(1, 0, 0, (FlowEnd.IdleTimeout, 1))));
}
