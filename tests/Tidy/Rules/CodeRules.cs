using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>Words and calls that are spoken for.</summary>
internal static partial class CodeRules
{
    /// <summary>Names that are one word because the thing is: a response code.</summary>
    private static readonly HashSet<string> OneWord = ["Badvers"];

    /// <summary>Files whose tests pause because nothing can be polled, and how often. The numbers only fall.</summary>
    private static readonly Dictionary<string, (int Lines, string Why)> Pausing = new()
    {
        ["tests/DataPlane/CarryTests.cs"] = (1, "writes until the kernel's buffers stay full"),
        ["tests/DataPlane/PlacementTests.cs"] = (1, "connects until the kernel's accept queue stays full"),
        ["tests/DataPlane/ProbeTests.cs"] = (1, "shows that nothing happens for a while; should count echoes instead"),
    };

    public static IEnumerable<Rule> All =>
    [
        Rule.OfLines("Nothing but the domain's endpoint service is called a service", f => f.IsCode && f.Under("src"),
            line => ServicePattern().Match(line) is { Success: true } m && !m.Groups[1].Value.EndsWith("EndpointService", StringComparison.Ordinal) && m.Groups[1].Value != "InService" ? $"{m.Groups[1].Value}: say what it does instead (Decider, Planner, Publisher, Dispatcher …)" : null,
            [new SourceFile("src/Domain/Vpcs/VpcService.cs", "public sealed class VpcService { }"), new SourceFile("src/Dns/X.cs", "internal interface IDnsService;"), new SourceFile("src/Dns/X.cs", "    private sealed record struct HealthService(int A);")],
            new SourceFile("src/Domain/X.cs", "public sealed record EndpointService(string Id);"), new SourceFile("src/Domain/X.cs", "public sealed record DeleteEndpointService(string Id);"),
            new SourceFile("src/DataPlane/X.cs", "public readonly record struct InService(bool Yes);")),
        Rule.OfLines("Product names have no underscores", f => f.IsCode && f.Under("src") && !f.Name.Contains("Native", StringComparison.Ordinal),
            line => UnderscorePattern().Match(line) is { Success: true } m ? $"{m.Groups[1].Value}: sentences with underscores are for tests" : null,
            [new SourceFile("src/Domain/X.cs", "    public static int Parse_address(string text) => 0;")],
            new SourceFile("src/Domain/X.cs", "    private readonly int _count = Count(1);"), new SourceFile("src/ZoneAgent/Fabric/Native.cs", "    public static int SO_REUSEPORT(int a) => 15;")),
        Rule.OfEach("Tests poll with a deadline and never sleep", Sleeps,
            [new SourceFile("tests/Dns/X.cs", "await Task.Delay(100);"), new SourceFile("tests/Dns/X.cs", "Thread.Sleep(1);"), new SourceFile("tests/DataPlane/CarryTests.cs", "await Task.Delay(5);\nawait Task.Delay(5);")],
            new SourceFile("tests/Dns/Support/Poll.cs", "await Task.Delay(10, ct);")),
        Rule.OfLines("Chance in tests has a seed", f => f.IsCode && f.Under("tests") && !f.Under("tests/Tidy"),
            line => ChancePattern().IsMatch(line) ? "without a seed a failure cannot be lived again" : null,
            [new SourceFile("tests/Dns/X.cs", "var r = new Random();"), new SourceFile("tests/Dns/X.cs", "Random.Shared.Next()")],
            new SourceFile("tests/Dns/X.cs", "var r = new Random(42);")),
        Rule.OfLines("No stub and no reminder is left behind", f => (f.IsCode || f.Path.EndsWith(".sh", StringComparison.Ordinal)) && !f.Under("tests/Tidy"),
            line => StubPattern().Match(line) is { Success: true } m ? $"'{m.Value}': do it, or open an issue" : null,
            [new SourceFile("src/Dns/X.cs", "// TODO: later"), new SourceFile("src/Dns/X.cs", "throw new NotImplementedException();"), new SourceFile("deploy/x.sh", "# FIXME")]),
        Rule.OfLines("No machine's paths and no registry's address", f => !f.Under("tests/Tidy") && f.Name != "packages.lock.json",
            line => MachinePattern().Match(line) is { Success: true } m ? $"'{m.Value}' is true on one machine or in one network only" : null,
            [
                new SourceFile("deploy/x.sh", "cd /home/ann/plc"), new SourceFile("src/Lab/X.cs", "\"/root/.nuget\""), new SourceFile("NuGet.config", "https://api." + "nuget.org/v3/index.json"),
                new SourceFile("deploy/Dockerfile.txt", "FROM ghcr.io/x/y"), new SourceFile("tests/run.sh", "cp -r /wo" + "rk/main ."), new SourceFile("README.md", "C:\\Users\\ann"),
            ],
            new SourceFile("src/Lab/X.cs", "\"http://127.0.0.1/wo" + "rk/list\""), new SourceFile("deploy/x.sh", "cp \"$HOME/x\" /var/lib/plc")),
        Rule.OfEach("Test names are sentences", TestNames,
            [new SourceFile("tests/Dns/X.cs", "    [Fact]\n    public void Works()\n"), new SourceFile("tests/Dns/X.cs", "    [Theory]\n    [InlineData(1)]\n    public async Task ParseTestAsync(int a)\n")],
            new SourceFile("tests/Dns/X.cs", "    [Fact]\n    public void A_name_that_is_not_there_is_answered_so()\n")),
    ];

    /// <summary>Only a Poll.cs or an Eventually.cs may pause, between looks.</summary>
    private static IEnumerable<string> Sleeps(SourceFile file)
    {
        // A benchmark is no test: it waits for quiet before it measures, and paces its clients.
        if (!file.IsCode || !file.Under("tests") || file.Under("tests/Tidy") || file.Under("tests/Benchmarks") || file.Name is "Poll.cs" or "Eventually.cs") yield break;
        var (allowed, why) = Pausing.GetValueOrDefault(file.Path, (0, "poll with a deadline: a sleep is too short on a slow machine and too long on a fast one"));
        var sleeps = file.Lines.Count(l => SleepPattern().IsMatch(l));
        if (sleeps > allowed) yield return $"{sleeps} sleeps, {allowed} allowed ({why})";
    }

    private static IEnumerable<string> TestNames(SourceFile file)
    {
        if (!file.IsCode || !file.Under("tests")) yield break;
        foreach (var name in TestPattern().Matches(file.Text).Select(m => m.Groups[1].Value))
            if (!name.Contains('_', StringComparison.Ordinal) && !OneWord.Contains(name)) yield return $"{name} does not say what holds";
    }

    [GeneratedRegex(@"\b(?:class|record|struct|interface)\s+([A-Za-z0-9]*Service)\b")] private static partial Regex ServicePattern();
    [GeneratedRegex(@"^\s*(?:public|internal|protected|private)\s[^=;""]*?\b([A-Za-z]\w*_\w*)\s*[({]")] private static partial Regex UnderscorePattern();
    [GeneratedRegex(@"\b(?:Thread\.Sleep|Task\.Delay)\(")] private static partial Regex SleepPattern();
    [GeneratedRegex(@"\bnew Random\(\)|\bRandom\.Shared\b")] private static partial Regex ChancePattern();
    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK)\b|\bNotImplementedException\b")] private static partial Regex StubPattern();
    [GeneratedRegex(@"(?<![\w.\d])/(?:home|Users|work)/\w+|(?<![\w.])/root/|[A-Z]:\\Users|\b(?:nuget\.org|npmjs\.org|pypi\.org|registry-1\.docker\.io|docker\.io/|ghcr\.io|quay\.io|artifactory)\b", RegexOptions.IgnoreCase)] private static partial Regex MachinePattern();
    [GeneratedRegex(@"\[(?:Fact|Theory)(?:\([^\]]*\))?\](?:\s*\[[^\n]*\](?:\s*//[^\n]*)?)*\s*public (?:async )?(?:static )?\w+ (\w+)\(")] private static partial Regex TestPattern();
}
