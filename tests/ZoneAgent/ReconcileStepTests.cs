using System.Collections.Immutable;
using PrivateLinkCloud.Contracts;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests;

/// <summary>The order of changes, as tables.</summary>
public class ReconcileStepTests
{
    private static readonly ImmutableDictionary<string, PlanEntry> Nothing = ImmutableDictionary<string, PlanEntry>.Empty;

    private static ImmutableDictionary<string, PlanEntry> InForce(IEnumerable<PlanEntry> entries) => entries.ToImmutableDictionary(e => e.Key);

    private static IEnumerable<string> StepsOf(IReadOnlyList<PlanEntry> before, IReadOnlyList<PlanEntry> after)
    {
        var plan = Held(after);
        var diff = PlanDiff.Between(InForce(before), plan.Entries, before.Concat(after).Select(e => e.Key).Distinct());
        return ReconcileSteps.Of(diff, plan).Select(s => s.ToString());
    }

    [Fact]
    public void A_diff_prints_its_counts()
    {
        var before = Small();
        var after = before.Where(e => e is not NameEntry).Append(Door("b", "vpc-a", "10.0.1.11")).Append(Door("c", "vpc-a", "10.0.1.12"))
            .Select(e => e is TargetGroupEntry g ? g with { Targets = [] } : e).ToDictionary(e => e.Key);
        var diff = PlanDiff.Between(InForce(before), after.ToImmutableDictionary(), before.Select(e => e.Key).Union(after.Keys));
        Assert.Equal("+2 ~1 -1 =4", diff.ToString());
    }

    [Fact]
    public void A_new_revision_of_the_same_content_is_no_difference()
    {
        var again = Small().Select(e => e with { Revision = 9 }).ToImmutableDictionary(e => e.Key);
        Assert.True(PlanDiff.Between(InForce(Small()), again, again.Keys).IsEmpty);
    }

    [Fact]
    public void A_zone_comes_up_from_the_ground() => Assert.Equal(
    [
        "MakeNetwork network/vpc-a", "MakeNetwork network/vpc-p",
        "AddAddress door/a 10.0.1.10", "AddAddress network/vpc-a 10.0.0.2", "AddAddress network/vpc-a 10.0.0.3",
        "AddAddress network/vpc-p 10.0.0.2", "AddAddress network/vpc-p 10.0.0.3", "AddAddress node/lb/z1 10.0.1.20",
        "ChangeRelay door/a", "ChangeRelay node/lb/z1", "ChangeRelay targetGroup/tg",
        "ChangeProbe door/a",
        "OpenResolver network/vpc-a", "OpenResolver network/vpc-p",
        "SetName name/vpc-a/a.example.com",
    ], StepsOf([], Small()));

    [Fact]
    public void A_zone_goes_down_names_first_and_networks_last() => Assert.Equal(
    [
        "WithdrawName name/vpc-a/a.example.com gone",
        "ChangeRelay door/a gone", "ChangeRelay node/lb/z1 gone", "ChangeRelay targetGroup/tg gone",
        "ChangeProbe door/a gone",
        "CloseResolver network/vpc-a gone", "CloseResolver network/vpc-p gone",
        "RemoveAddress door/a 10.0.1.10 gone", "RemoveAddress network/vpc-a 10.0.0.2 gone", "RemoveAddress network/vpc-a 10.0.0.3 gone",
        "RemoveAddress network/vpc-p 10.0.0.2 gone", "RemoveAddress network/vpc-p 10.0.0.3 gone", "RemoveAddress node/lb/z1 10.0.1.20 gone",
        "RemoveNetwork network/vpc-a gone", "RemoveNetwork network/vpc-p gone",
    ], StepsOf(Small(), []));

    [Fact]
    public void A_name_that_loses_a_door_is_changed_before_the_door_closes()
    {
        IReadOnlyList<PlanEntry> two = [.. Small().Where(e => e is not NameEntry), Door("b", "vpc-a", "10.0.1.11"), Name("vpc-a", "n", NameKind.Regional, "a", "b")];
        IReadOnlyList<PlanEntry> one = [.. Small().Where(e => e is not NameEntry), Name("vpc-a", "n", NameKind.Regional, "a")];
        Assert.Equal(["WithdrawName name/vpc-a/n", "ChangeRelay door/b gone", "ChangeProbe door/b gone", "RemoveAddress door/b 10.0.1.11 gone"], StepsOf(two, one));
        Assert.Equal(["AddAddress door/b 10.0.1.11", "ChangeRelay door/b", "ChangeProbe door/b", "SetName name/vpc-a/n"], StepsOf(one, two));
    }

    [Fact]
    public void A_door_of_another_zone_is_probed_and_named_and_not_served() => Assert.Equal(
        ["ChangeProbe door/far"],
        StepsOf(Small(), [.. Small(), Door("far", "vpc-a", "10.0.2.10", zone: OtherZone)]));

    [Fact]
    public void A_changed_listener_touches_the_relay_and_no_address_is_removed() => Assert.Equal(
        ["AddAddress node/lb/z1 10.0.1.20", "ChangeRelay node/lb/z1"],
        StepsOf(Small(), [.. Small().Select(e => e is NodeEntry n ? n with { CrossZone = true } : e)]));

    [Fact]
    public void An_address_that_another_entry_takes_over_is_not_removed()
    {
        IReadOnlyList<PlanEntry> next = [.. Small().Where(e => e is not (DoorEntry or NameEntry)), Door("heir", "vpc-a", "10.0.1.10")];
        Assert.DoesNotContain(StepsOf(Small(), next), s => s.StartsWith("RemoveAddress", StringComparison.Ordinal));
    }

    [Fact]
    public void A_door_that_moved_leaves_its_old_address()
    {
        IReadOnlyList<PlanEntry> next = [.. Small().Select(e => e is DoorEntry d ? d with { Address = "10.0.1.99" } : e)];
        Assert.Contains("RemoveAddress door/a 10.0.1.10", StepsOf(Small(), next));
    }

    [Fact]
    public void Nothing_that_is_not_looked_at_counts_as_different() =>
        Assert.True(PlanDiff.Between(Nothing, Held(Small()).Entries, []).IsEmpty);
}
