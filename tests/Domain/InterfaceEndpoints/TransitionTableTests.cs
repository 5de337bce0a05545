using PrivateLinkCloud.Domain.InterfaceEndpoints;
using static PrivateLinkCloud.Domain.Tests.EndpointStates;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// Rules §2.2, whole: nine states × what can happen. A cell is the state afterwards; <c>=</c> is success without events, <c>!</c> a
/// refusal because of the state. Where it differs from the rules:
/// <list type="bullet">
/// <item>Rejecting a Failed endpoint is no no-op: a failed one stays in the plan to recover, so only a real rejection closes it.</item>
/// <item>Deleting what no zone holds passes through Deleting to Deleted within one decision.</item>
/// <item>Enabling a private name is a modify; disabling one that is not set is a wish already true, but refused where a modify is.</item>
/// </list>
/// </summary>
public sealed class TransitionTableTests
{
    private const string Table = """
        from              | accept  | reject   | modify            | delete   | its time comes | zones ready | zone lost | zones gone
        PendingAcceptance | Pending | Rejected | PendingAcceptance | Deleted  | Expired        | !           | =         | =
        Pending           | =       | Rejected | Pending           | Deleting | Failed         | Available   | =         | !
        Available         | =       | Rejected | Pending           | Deleting | =              | =           | Partial   | !
        Partial           | =       | Rejected | Pending           | Deleting | =              | Available   | Partial   | !
        Rejected          | Pending | =        | !                 | Deleted  | =              | !           | =         | =
        Failed            | !       | Rejected | !                 | Deleting | =              | Available   | =         | !
        Expired           | !       | =        | !                 | Deleted  | =              | !           | =         | =
        Deleting          | !       | !        | !                 | =        | Deleting       | !           | =         | !
        Deleted           | !       | !        | !                 | =        | =              | !           | =         | =
        """;

    public static TheoryData<EndpointState, string, string> Cells()
    {
        var rows = Table.Split('\n').Select(r => r.Split('|', StringSplitOptions.TrimEntries)).ToList();
        var cells = new TheoryData<EndpointState, string, string>();
        foreach (var row in rows.Skip(1))
            for (var i = 1; i < row.Length; i++) cells.Add(Enum.Parse<EndpointState>(row[0]), rows[0][i], row[i]);
        return cells;
    }

    [Fact]
    public void The_table_has_a_row_for_each_of_the_nine_states() => Assert.Equal(9 * 8, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void From_a_state_what_happens_leads_where_the_table_says(EndpointState from, string happening, string expected)
    {
        var story = In(from);
        Assert.Equal(from, story.State!.State);
        var (after, events, refusal) = Run(story, CommandsFor(happening));
        switch (expected)
        {
            case "=": Assert.Equal((from, 0, null), (after.State, events, refusal)); break;
            case "!": Assert.Equal((from, 0, "InvalidState"), (after.State, events, refusal)); break;
            default:
                Assert.Equal((Enum.Parse<EndpointState>(expected), null), (after.State, refusal));
                Assert.NotEqual(0, events);
                break;
        }
    }

    /// <summary>Runs the commands in turn and stops at the first refusal.</summary>
    private static (InterfaceEndpoint After, int Events, string? Refusal) Run(Story<InterfaceEndpoint> story, IEnumerable<object> commands)
    {
        var events = 0;
        foreach (var command in commands)
        {
            var outcome = story.When(command);
            if (outcome.Decision.Rejection is { } rejection) return (story.State!, events, rejection.Code);
            events += outcome.Decision.Events.Count;
            story = story with { State = (InterfaceEndpoint)outcome.After! };
        }
        return (story.State!, events, null);
    }

    private static IEnumerable<object> CommandsFor(string happening) => happening switch
    {
        "accept" => [new AcceptEndpointConnection(Provider, [Balancer], Times, Now)],
        "reject" => [new RejectEndpointConnection(Provider, Now)],
        "modify" => [new EnablePrivateDns(Consumer, NamedService, ConsumerVpc, Times, Now)],
        "delete" => [new DeleteInterfaceEndpoint(Consumer, Times, Now)],
        "its time comes" => [new PassTime(Now.AddYears(1))],
        "zones ready" => [new ReportZoneDeployed(ZoneA, "agent-1", 7, Now), new ReportZoneDeployed(ZoneB, "agent-1", 7, Now)],
        "zone lost" => [new ReportZoneLost(ZoneA, Times, Now)],
        "zones gone" => [new ReportZoneWithdrawn(ZoneA, Now), new ReportZoneWithdrawn(ZoneB, Now)],
        _ => throw new ArgumentOutOfRangeException(nameof(happening)),
    };
}
