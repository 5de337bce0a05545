using System.Text.Json;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.InterfaceEndpoints.EndpointState;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// Invariants of rules §7 over random lives. Safety only: what must never be. A failure names its seed; the same seed lives the same life.
/// </summary>
public sealed class RandomWorldTests
{
    private const int Steps = 1500;
    public static TheoryData<ulong> Seeds() => [.. Enumerable.Range(1, 24).Select(i => (ulong)i)];

    /// <summary>The arrows of rules §2.2 with Partial; what one decision may lead to in one step.</summary>
    private static readonly Dictionary<EndpointState, EndpointState[]> Arrows = new()
    {
        [PendingAcceptance] = [Pending, Rejected, Expired, Deleted],
        [Pending] = [Available, Partial, Failed, Rejected, Deleting],
        [Available] = [Pending, Partial, Rejected, Deleting],
        [Partial] = [Pending, Available, Failed, Rejected, Deleting],
        [Rejected] = [Pending, Deleting, Deleted],
        [Failed] = [Available, Partial, Rejected, Deleting],
        [Expired] = [Deleted],
        [Deleting] = [Deleted],
        [Deleted] = [],
    };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_life_breaks_the_law_of_endpoints(ulong seed)
    {
        var world = new RandomWorld(seed);
        world.EndpointStepped = step => Check(step, world.Claims);
        world.Begin();
        for (var i = 0; i < Steps; i++) world.Step();
        Assert.All(world.Endpoints.Values, e => CheckClaims(e, world.Claims));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_life_leads_to_a_plan_that_dangles(ulong seed)
    {
        var world = new RandomWorld(seed + 1000);
        world.Begin();
        for (var i = 0; i < Steps; i++)
        {
            world.Step();
            if (i % 5 == 0) foreach (var zone in RandomWorld.Zones) Assert.Equal([], PlanIntegrity.Faults(zone, world.PlanOf(zone)));
        }
    }

    /// <summary>The lives above are worth something only if everything happens in them.</summary>
    [Fact]
    public void Every_command_succeeds_and_every_state_occurs_in_some_life()
    {
        var successes = new HashSet<string>();
        var states = new HashSet<EndpointState>();
        foreach (var seed in Enumerable.Range(1, 24))
        {
            var world = new RandomWorld((ulong)seed) { EndpointStepped = step => states.Add(step.After.State) };
            world.Begin();
            for (var i = 0; i < Steps; i++) world.Step();
            successes.UnionWith(world.Successes.Keys);
        }
        Assert.Equal(Enum.GetValues<EndpointState>().Order(), states.Order());
        Assert.Equal(27, successes.Count);
    }

    private static void Check(EndpointStep step, ClaimsTable claims)
    {
        var (before, command, events, after) = step;
        var told = $"{command} on {before?.State}: {string.Join(", ", events.Select(e => e.GetType().Name))}";
        Assert.True(before is null || before.State == after.State || Arrows[before.State].Contains(after.State), $"{before?.State} → {after.State} is not in the table. {told}");
        Assert.True(before is null || JsonSerializer.Serialize(before.Doors) == JsonSerializer.Serialize(after.Doors), $"I-3: an address changed. {told}");
        Assert.True(!after.InPlan || after.Doors.All(d => after.Pins.ContainsKey(d.NetworkInterfaceId)), $"I-4: in the plan without a pin. {told}");
        Assert.True(after.InPlan || after.State is not (Pending or Available or Partial), $"accepted, but not in the plan. {told}");
        Assert.True(!after.InPlan || after.HoldingZoneIds.Order().SequenceEqual(after.ZoneIds.Order()), $"in the plan, but a zone is not counted as holding it. {told}");
        Assert.True(after.State != Deleted || after.HoldingZoneIds.Count == 0, $"deleted while a zone holds it. {told}");
        Assert.True(after.State != Available || after.DeployedZoneIds.Order().SequenceEqual(after.ZoneIds.Order()), $"I-1: available without every zone's report. {told}");
        Assert.True(after.State != Deleted || before!.State != Deleted, $"something happened after the end. {told}");
        CheckAcceptance(before, events, after, told);
        CheckClaims(after, claims);
    }

    /// <summary>I-1, state part: the doors are open only between an acceptance and the next rejection, expiry or end of draining.</summary>
    private static void CheckAcceptance(InterfaceEndpoint? before, IReadOnlyList<object> events, InterfaceEndpoint after, string told)
    {
        var open = before?.InPlan ?? false;
        foreach (var e in events)
            open = e switch
            {
                EndpointConnectionAccepted => true,
                EndpointConnectionRejected or EndpointDrained or EndpointRequestExpired or InterfaceEndpointDeleted => false,
                _ => open,
            };
        Assert.True(open == after.InPlan, $"I-1: the doors are {(after.InPlan ? "open" : "closed")} and should not be. {told}");
    }

    /// <summary>Claims balance: a live endpoint holds exactly its own, a deleted one none.</summary>
    private static void CheckClaims(InterfaceEndpoint e, ClaimsTable claims)
    {
        var owners = e.Doors.Select(d => d.NetworkInterfaceId).Append(e.Id).ToHashSet();
        var held = claims.All.Where(c => owners.Contains(c.Owner)).Select(c => (c.Scope, c.Key)).Order().ToList();
        var due = new List<(string, string)>();
        if (e.State != Deleted)
        {
            due.AddRange(e.Doors.Select(d => (VpcDecider.AddressScope(d.SubnetId), d.Address)));
            due.Add(($"vpc-endpoint/{e.VpcId}", e.Id));
            if (e.InPlan || e.State == PendingAcceptance) due.Add((EndpointServiceDecider.LiveEndpointScope(e.ServiceId), e.Id));
            if (e.InPlan) due.AddRange(e.Pins.Select(p => (LoadBalancerDecider.PinScope(p.Value), p.Key)));
            if (e.PrivateDnsName is { } name) due.Add(($"private-name/{e.VpcId}", name));
        }
        Assert.Equal(due.Order(), held);
    }
}
