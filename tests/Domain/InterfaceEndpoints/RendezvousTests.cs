using PrivateLinkCloud.Domain.InterfaceEndpoints;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-47: one load balancer per interface, spread evenly, chosen alike everywhere.</summary>
public sealed class RendezvousTests
{
    private static readonly string[] Interfaces = [.. Enumerable.Range(0, 3000).Select(i => $"eni-{i:x17}")];
    private static readonly string[] Three = ["lb1", "lb2", "lb3"];

    [Fact]
    public void The_choice_is_balanced()
    {
        var shares = Interfaces.CountBy(i => Rendezvous.Choose(i, Three)).ToDictionary();
        Assert.All(Three, lb => Assert.InRange(shares[lb], 900, 1100)); // 1000 expected, standard deviation 26
    }

    [Fact]
    public void A_candidate_that_leaves_moves_only_the_keys_it_had() =>
        Assert.All(Interfaces, i => Assert.True(Rendezvous.Choose(i, Three) is "lb3" || Rendezvous.Choose(i, Three) == Rendezvous.Choose(i, ["lb1", "lb2"])));

    [Fact]
    public void A_candidate_that_comes_takes_only_its_share()
    {
        var moved = Interfaces.Count(i => Rendezvous.Choose(i, Three) != Rendezvous.Choose(i, [.. Three, "lb4"]));
        Assert.InRange(moved, 650, 850); // a quarter
        Assert.All(Interfaces.Where(i => Rendezvous.Choose(i, Three) != Rendezvous.Choose(i, [.. Three, "lb4"])), i => Assert.Equal("lb4", Rendezvous.Choose(i, [.. Three, "lb4"])));
    }

    [Fact]
    public void The_order_of_the_candidates_does_not_matter() =>
        Assert.All(Interfaces.Take(300), i => Assert.Equal(Rendezvous.Choose(i, Three), Rendezvous.Choose(i, Three.Reverse())));

    /// <summary>Pins are stored, but a takeover by another version must still agree with what it would have chosen.</summary>
    [Fact]
    public void The_choice_never_changes_between_versions() =>
        Assert.Equal(["lb2", "lb1", "lb1", "lb3"], Interfaces.Take(4).Select(i => Rendezvous.Choose(i, Three)));
}
