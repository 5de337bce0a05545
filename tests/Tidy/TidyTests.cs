using PrivateLinkCloud.Tidy.Tests.Rules;

namespace PrivateLinkCloud.Tidy.Tests;

/// <summary>Each rule holds for the repository, rejects its bad samples and accepts its good ones.</summary>
public sealed class TidyTests
{
    private static readonly Rule[] All = [.. ProjectRules.All, .. SizeRules.All, .. CodeRules.All, .. SuppressionRules.All, .. DocumentRules.All, .. TenancyRules.All];
    public static TheoryData<string> Names() => [.. All.Select(r => r.Name)];

    [Fact]
    public void The_repository_was_found()
    {
        Assert.Contains(Repository.Files, f => f.Path == "src/Domain/Zones/ZonePlanner.cs");
        Assert.Equal(All.Length, All.Select(r => r.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_repository_keeps_it(string rule)
    {
        var faults = Named(rule).Faults(Repository.Files).ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_rejects_each_of_its_bad_samples(string rule)
    {
        Assert.NotEmpty(Named(rule).Rejects);
        Assert.All(Named(rule).Rejects, sample => Assert.Contains(Named(rule).Faults(sample), fault => fault.Contains(sample[^1].Path, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_accepts_its_good_samples(string rule) => Assert.All(Named(rule).Accepts, sample => Assert.Equal([], Named(rule).Faults([sample])));

    private static Rule Named(string name) => All.Single(r => r.Name == name);
}
