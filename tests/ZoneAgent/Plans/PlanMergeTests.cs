using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Plans;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests.Plans;

public class PlanMergeTests
{
    private static string RefusalOf(HeldPlan held, ZonePlan update) => Assert.IsType<MergeResult.Refused>(PlanMerge.Take(held, update)).Reason;

    [Fact]
    public void Changes_replace_add_and_remove_and_name_what_they_touched()
    {
        var taken = Taken(Held(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11"), Name("vpc-a", "a.example.com", NameKind.Private, "b")], "door/a"));
        Assert.Equal(2, taken.Plan.Revision);
        Assert.Equal(["door/a", "door/b", "name/vpc-a/a.example.com"], taken.Touched.Order());
        Assert.False(taken.Plan.Entries.ContainsKey("door/a"));
    }

    [Fact]
    public void A_whole_plan_touches_what_was_and_what_is()
    {
        var taken = Taken(Held(Network("vpc-a")), Whole([Network("vpc-b")], 2));
        Assert.Equal(["network/vpc-a", "network/vpc-b"], taken.Touched.Order());
        Assert.Equal(["network/vpc-b"], taken.Plan.Entries.Keys);
    }

    [Fact]
    public void An_empty_whole_plan_is_refused_unless_it_says_so()
    {
        var held = Held(Small());
        Assert.Contains("does not say that it is empty", RefusalOf(held, Whole([], 2) with { Empty = false }));
        Assert.Empty(Taken(held, Whole([], 2)).Plan.Entries);
        Assert.Contains("and has entries", RefusalOf(held, Whole(Small(), 2) with { Empty = true }));
    }

    [Fact]
    public void Another_zone_an_unknown_schema_and_no_epoch_are_refused()
    {
        Assert.Contains("serves 'z1'", RefusalOf(Held(), Whole(Small()) with { ZoneId = "z9" }));
        Assert.Contains("schema 2", RefusalOf(Held(), Whole(Small()) with { Schema = 2 }));
        Assert.Contains("no epoch", RefusalOf(Held(), Whole(Small()) with { Epoch = "" }));
    }

    [Fact]
    public void Changes_of_another_epoch_are_refused_for_the_whole_plan()
    {
        var refused = Assert.IsType<MergeResult.Refused>(PlanMerge.Take(Held(Small()), Changes(9, []) with { Epoch = "e2" }));
        Assert.True(refused.NeedsWhole);
        var first = Assert.IsType<MergeResult.Refused>(PlanMerge.Take(HeldPlan.None(Zone), Changes(9, [])));
        Assert.True(first.NeedsWhole);
    }

    [Fact]
    public void A_whole_plan_of_another_epoch_starts_anew_even_at_a_lower_revision()
    {
        var held = Taken(HeldPlan.None(Zone), Whole(Small(), 50)).Plan;
        Assert.Equal(3, Taken(held, Whole([Network("vpc-z")], 3, "e2")).Plan.Revision);
    }

    [Fact]
    public void What_is_older_than_what_is_held_is_stale()
    {
        var held = Taken(HeldPlan.None(Zone), Whole(Small(), 5)).Plan;
        Assert.IsType<MergeResult.Stale>(PlanMerge.Take(held, Whole(Small(), 4)));
        Assert.IsType<MergeResult.Stale>(PlanMerge.Take(held, Changes(4, [])));
        Assert.IsType<MergeResult.Stale>(PlanMerge.Take(held, Changes(5, [])));
    }

    [Theory]
    [InlineData("door/a", "removed, though 1 entries still point to it")]
    [InlineData("network/vpc-a", "still point to it")]
    [InlineData("node/lb/z1", "still point to it")]
    public void Removing_what_others_point_to_is_refused(string key, string reason) => Assert.Contains(reason, RefusalOf(Held(Small()), Changes(2, [], key)));

    [Fact]
    public void One_malformed_entry_refuses_the_whole_update()
    {
        var reason = RefusalOf(Held(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11"), Door("c", "vpc-a", "10.0.1.300")]));
        Assert.Contains("door/c: '10.0.1.300' is not an IPv4 address", reason);
    }

    [Fact]
    public void What_points_to_an_entry_of_another_kind_is_refused_before_anything_acts_on_it()
    {
        var astray = Name("vpc-a", "n", NameKind.Regional) with { DoorKeys = ["node/lb/z1"] };
        Assert.Contains("where the key of a door should be", RefusalOf(Held(Small()), Changes(2, [astray])));
        Assert.Contains("where the key of a door should be", RefusalOf(Held(), Whole([.. Small(), astray], 2)));
    }

    [Fact]
    public void Two_entries_of_a_network_cannot_take_one_address()
    {
        Assert.Contains("10.0.1.10 belongs to door/a", RefusalOf(Held(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.10")])));
        Assert.Contains("10.0.0.2", RefusalOf(Held(Small()), Changes(2, [Door("b", "vpc-a", "10.0.0.2")]))); // the resolver's
        Assert.Contains("10.0.1.20", RefusalOf(Held(Small()), Whole([.. Small(), Door("b", "vpc-p", "10.0.1.20")], 2))); // a node's
    }

    [Fact]
    public void Two_doors_may_swap_addresses_in_one_update()
    {
        var held = Taken(Held(Small()), Changes(2, [Door("b", "vpc-a", "10.0.1.11")])).Plan;
        var swapped = Taken(held, Changes(3, [Door("a", "vpc-a", "10.0.1.11"), Door("b", "vpc-a", "10.0.1.10")])).Plan;
        Assert.True(swapped.Wants(("vpc-a", "10.0.1.10")) && swapped.Wants(("vpc-a", "10.0.1.11")));
    }

    [Fact]
    public void A_door_of_another_zone_needs_no_node_here_and_no_address()
    {
        var held = Held([.. Small(), Door("far", "vpc-a", "10.0.2.10", node: "node/elsewhere/z2", zone: OtherZone)]);
        Assert.False(held.Wants(("vpc-a", "10.0.2.10")));
    }

    /// <summary>The short question (only what changed) and the long one (everything) must have the same answer.</summary>
    [Fact]
    public void Incremental_integrity_agrees_with_the_whole_over_a_thousand_random_updates()
    {
        var random = new Random(20261123);
        var held = Held(Small());
        for (var (i, taken) = (0, 0); i < 1000 || taken < 100; i++)
        {
            var update = RandomChange(random, held.Revision + 1);
            var result = PlanMerge.Take(held, update);
            var merged = held.Entries.RemoveRange(update.Removed.Concat(update.Entries.Select(e => e.Key))).Values.Concat(update.Entries).ToList();
            var faults = PlanIntegrity.Faults(Zone, merged);
            Assert.True(faults.Count == 0 == result is MergeResult.Taken, $"update {i}: {result} against [{string.Join("; ", faults)}]");
            if (result is not MergeResult.Taken next) continue;
            (held, taken) = (next.Plan, taken + 1);
        }
    }

    private static ZonePlan RandomChange(Random random, long revision)
    {
        string[] vpcs = ["vpc-a", "vpc-b"];
        string[] enis = ["a", "b", "c", "d"];
        PlanEntry Entry() => random.Next(5) switch
        {
            0 => Network(vpcs[random.Next(2)]),
            1 => Name(vpcs[random.Next(2)], "n" + random.Next(3), NameKind.Regional, enis[random.Next(4)]),
            2 => Door(enis[random.Next(4)], vpcs[random.Next(2)], $"10.0.1.{10 + random.Next(4)}", zone: random.Next(2) == 0 ? Zone : OtherZone),
            3 => Group("tg", "vpc-p", new PlanTarget("10.0.9.1", random.Next(70000), Zone)),
            _ => Node("lb", "vpc-p", $"10.0.1.{20 + random.Next(2)}", random.Next(4) == 0 ? "none" : "tg"),
        };
        var entries = Enumerable.Range(0, random.Next(3)).Select(_ => Entry()).ToList();
        string[] candidates = [.. enis.Select(PlanKeys.Door), .. vpcs.Select(PlanKeys.Network), "node/lb/z1", "targetGroup/tg", "name/vpc-a/n0", "name/vpc-a/n1", "name/vpc-b/n2", "name/vpc-a/a.example.com"];
        var removed = Enumerable.Range(0, random.Next(3)).Select(_ => candidates[random.Next(candidates.Length)]).Where(k => entries.All(e => e.Key != k)).Distinct().ToArray();
        return Changes(revision, entries, removed);
    }
}
