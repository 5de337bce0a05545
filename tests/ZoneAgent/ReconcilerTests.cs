using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.ZoneAgent.Fabric;
using PrivateLinkCloud.ZoneAgent.Plans;
using static PrivateLinkCloud.ZoneAgent.Tests.Sample;

namespace PrivateLinkCloud.ZoneAgent.Tests;

public class ReconcilerTests
{
    private readonly List<string> _log = [];
    private readonly MemoryFabric _fabric;
    private readonly NullDataPlane _dataPlane;
    private readonly Reconciler _reconciler;

    public ReconcilerTests()
    {
        (_fabric, _dataPlane) = (new MemoryFabric { Log = _log }, new NullDataPlane { Log = _log });
        _reconciler = new Reconciler(_fabric, _dataPlane, new WalkLog(NullLogger<WalkLog>.Instance));
    }

    private HeldPlan Apply(HeldPlan held, ZonePlan update)
    {
        var taken = Taken(held, update);
        _log.Clear();
        _reconciler.Apply(taken.Plan, taken.Touched);
        return taken.Plan;
    }

    [Fact]
    public void One_new_door_costs_one_doors_work()
    {
        var held = Apply(HeldPlan.None(Zone), Whole([.. Small(), .. Enumerable.Range(0, 200).Select(i => Door($"x{i}", "vpc-a", $"10.0.2.{i}"))]));
        Apply(held, Changes(2, [Door("b", "vpc-a", "10.0.1.11")]));
        Assert.Equal(["add 10.0.1.11 in vpc-a", "relay door/b", "watch door/b"], _log);
        Assert.Equal(202, _dataPlane.Table.Doors.Count);
    }

    [Fact]
    public void A_door_that_cannot_be_opened_is_in_trouble_alone_and_is_tried_at_every_turn()
    {
        _dataPlane.Failing["door/b"] = "port 80 is taken";
        var held = Apply(HeldPlan.None(Zone), Whole([.. Small(), Door("b", "vpc-a", "10.0.1.11")]));
        Assert.Equal("port 80 is taken", Assert.Single(_reconciler.Troubles).Value);
        Assert.Contains("say a.example.com [10.0.1.10]", _log);

        held = Apply(held, Changes(2, [Door("c", "vpc-a", "10.0.1.12")]));
        Assert.Contains("relay door/b door/c", _log);
        Assert.Equal(["door/b"], _reconciler.Troubles.Keys);

        _dataPlane.Failing.Clear();
        Apply(held, Changes(3, [Door("d", "vpc-a", "10.0.1.13")]));
        Assert.Empty(_reconciler.Troubles);
        Assert.Contains("watch door/b", _log);
    }

    [Fact]
    public void A_door_in_trouble_that_leaves_the_plan_leaves_the_troubles()
    {
        _dataPlane.Failing["door/b"] = "port 80 is taken";
        var held = Apply(HeldPlan.None(Zone), Whole([.. Small(), Door("b", "vpc-a", "10.0.1.11")]));
        Apply(held, Changes(2, [], "door/b"));
        Assert.Empty(_reconciler.Troubles);
        Assert.DoesNotContain("door/b", _dataPlane.Table.Doors.Keys);
        Assert.DoesNotContain(new Place("vpc-a", IPAddress.Parse("10.0.1.11")), _fabric.Holds().Addresses);
    }

    [Fact]
    public void A_network_that_got_another_range_moves_its_resolver_and_its_probe_source()
    {
        var held = Apply(HeldPlan.None(Zone), Whole(Small()));
        Apply(held, Changes(2, [Network("vpc-a", "10.0.128.0/17")]));
        Assert.Contains("open resolver 10.0.128.2 in vpc-a", _log);
        Assert.Contains("remove 10.0.0.2 in vpc-a", _log);
        Assert.Equal(IPAddress.Parse("10.0.128.3"), _dataPlane.Table.Doors["door/a"].ProbeSource);
    }

    [Fact]
    public void A_door_that_moved_is_named_at_its_new_address()
    {
        var held = Apply(HeldPlan.None(Zone), Whole(Small()));
        Apply(held, Changes(2, [Door("a", "vpc-a", "10.0.1.99")]));
        Assert.Contains("say a.example.com [10.0.1.99]", _log);
    }

    [Fact]
    public void The_audit_brings_back_an_address_that_somebody_removed_and_touches_nothing_else()
    {
        var held = Apply(HeldPlan.None(Zone), Whole(Small()));
        _fabric.RemoveAddresses([new Place("vpc-a", IPAddress.Parse("10.0.1.10"))]);
        _log.Clear();
        _reconciler.Audit(held);
        Assert.Equal(["add 10.0.1.10 in vpc-a", "relay door/a", "watch door/a"], _log);
        _log.Clear();
        _reconciler.Audit(held);
        Assert.Empty(_log);
    }

    [Fact]
    public void The_audit_brings_a_lost_network_anew_with_all_its_sockets()
    {
        var held = Apply(HeldPlan.None(Zone), Whole(Small()));
        _fabric.RemoveNetworks(["vpc-a"]);
        _log.Clear();
        _reconciler.Audit(held);
        Assert.Equal(
        [
            "unsay a.example.com", "relay door/a", "forget door/a", "close resolver in vpc-a",
            "remove 10.0.1.10 in vpc-a", "remove 10.0.0.2 in vpc-a", "remove 10.0.0.3 in vpc-a", "unmake vpc-a", "make vpc-a",
        ], _log.Take(9));
        Assert.Equal("say a.example.com [10.0.1.10]", _log[^1]);
        Assert.True(_dataPlane.Table.Doors.ContainsKey("door/a"));
    }

    [Fact]
    public void The_sweep_gives_up_what_an_earlier_life_held_and_the_plan_does_not_want()
    {
        _fabric.MakeNetworks([new NetworkWish("vpc-old", IPAddress.Loopback), new NetworkWish("vpc-a", IPAddress.Loopback)]);
        _fabric.AddAddresses([new Place("vpc-old", IPAddress.Parse("10.0.1.1")), new Place("vpc-a", IPAddress.Parse("10.0.7.7"))]);
        var held = Apply(HeldPlan.None(Zone), Whole(Small()));
        _log.Clear();
        _reconciler.Sweep(held);
        Assert.Equal(["remove 10.0.1.1 in vpc-old", "remove 10.0.7.7 in vpc-a", "unmake vpc-old"], _log.Order());
    }
}
