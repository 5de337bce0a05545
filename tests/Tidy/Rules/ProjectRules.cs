using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>The tree and its arrows (house: the map in <c>src/README.md</c>).</summary>
internal static partial class ProjectRules
{
    private static readonly string[] Projects = ["Contracts", "Domain", "ControlPlane", "DataPlane", "Dns", "ZoneAgent", "Notifier", "Portal", "Lab"];

    private static readonly HashSet<(string From, string To)> Allowed =
    [
        ("Domain", "Contracts"), ("ControlPlane", "Domain"), ("ControlPlane", "Contracts"), ("Notifier", "Contracts"),
        ("ZoneAgent", "Contracts"), ("ZoneAgent", "DataPlane"), ("ZoneAgent", "Dns"),
    ];

    /// <summary>The first row that fits says why an arrow is forbidden; together with <see cref="Allowed"/> they decide every pair.</summary>
    private static readonly (string From, string To, string Why)[] Forbidden =
    [
        ("Contracts", "*", "what travels between processes must be readable by any of them, and by nobody's rules"),
        ("Domain", "*", "the law touches nothing: no I/O, no clock, no other part; only Contracts, because the planner's result is the wire's plan entry"),
        ("DataPlane", "*", "a byte must never wait for, or be broken by, another part; the agent compiles what it needs"),
        ("Dns", "*", "an answer is a function of the view it is given; who makes the view is the agent's affair"),
        ("ZoneAgent", "Domain", "an agent carries plans out and decides nothing: the law is applied once, before the plan"),
        ("ZoneAgent", "*", "an agent knows the control plane as HTTP and a doorbell only, so that it lives without it"),
        ("Notifier", "Domain", "a due notification is complete: deciding what is due is done when it arrives"),
        ("Notifier", "*", "the notifier must reach nothing but its own delivery data and the destinations"),
        ("ControlPlane", "DataPlane", "the control plane moves no bytes"),
        ("ControlPlane", "Dns", "the control plane answers no queries"),
        ("ControlPlane", "*", "processes meet over contracts, not over references"),
        ("Portal", "*", "the portal is a client of the public API like any other"),
        ("Lab", "*", "the lab starts every process as production does and knows none of their insides"),
        ("*", "*", "an arrow between projects needs a decision in src/DECISIONS.md and a row here"),
    ];

    private static readonly HashSet<string> TopLevel =
    [
        "src", "tests", "deploy", "migrations", "PrivateLinkCloud.sln", "README.md", "LICENSE", "global.json", "Directory.Build.props", "Directory.Packages.props",
        "NuGet.config", ".editorconfig", ".gitignore", ".gitattributes", ".dockerignore", ".config", ".ci", ".github",
    ];

    public static IEnumerable<Rule> All =>
    [
        Rule.OfEach("References between projects follow the arrows", WrongArrows,
            [
                Project("src/Domain/PrivateLinkCloud.Domain.csproj", Reference("../DataPlane/PrivateLinkCloud.DataPlane.csproj")),
                Project("src/Contracts/PrivateLinkCloud.Contracts.csproj", Reference("../Domain/PrivateLinkCloud.Domain.csproj")),
                Project("src/ZoneAgent/PrivateLinkCloud.ZoneAgent.csproj", Reference("..\\Domain\\PrivateLinkCloud.Domain.csproj")),
                Project("src/Lab/PrivateLinkCloud.Lab.csproj", Reference("../ControlPlane/PrivateLinkCloud.ControlPlane.csproj")),
                Project("src/Portal/PrivateLinkCloud.Portal.csproj", Reference("../Contracts/PrivateLinkCloud.Contracts.csproj")),
            ],
            Project("src/Domain/PrivateLinkCloud.Domain.csproj", Reference("../Contracts/PrivateLinkCloud.Contracts.csproj")),
            Project("tests/Domain/PrivateLinkCloud.Domain.Tests.csproj", Reference("../../src/Domain/PrivateLinkCloud.Domain.csproj"))),
        Rule.OfEach("Contracts, Domain, DataPlane and Dns have no packages but analyzers", Packages,
            [
                Project("src/Domain/PrivateLinkCloud.Domain.csproj", """<PackageReference Include="Marten" />"""),
                Project("src/DataPlane/PrivateLinkCloud.DataPlane.csproj", """<FrameworkReference Include="Microsoft.AspNetCore.App" />"""),
                Project("src/Dns/PrivateLinkCloud.Dns.csproj", """<PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" />"""),
                new SourceFile("src/Contracts/PrivateLinkCloud.Contracts.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"></Project>"""),
            ],
            Project("src/Dns/PrivateLinkCloud.Dns.csproj", """<PackageReference Include="Microsoft.CodeAnalysis.BannedApiAnalyzers" PrivateAssets="all" />"""),
            Project("src/ControlPlane/PrivateLinkCloud.ControlPlane.csproj", """<PackageReference Include="Marten" />""")),
        Rule.OfEach("Versions of packages are pinned in one place", f => f.IsProject && VersionPattern().IsMatch(f.Text) ? ["a version of its own; pin it in Directory.Packages.props"] : [],
            [Project("src/Domain/PrivateLinkCloud.Domain.csproj", """<PackageReference Include="Marten" Version="9.0.0" />""")]),
        Rule.OfEach("A project is named after its folder, and no folder is a catch-all", Names,
            [
                new SourceFile("src/Domain/Domain.csproj", ""), new SourceFile("src/Common/PrivateLinkCloud.Common.csproj", ""), new SourceFile("src/Core/PrivateLinkCloud.Core.csproj", ""),
                new SourceFile("src/Domain/Shared/PrivateLinkCloud.Domain.csproj", ""), new SourceFile("tests/Dns/PrivateLinkCloud.Dns.csproj", ""), new SourceFile("src/Infrastructure/PrivateLinkCloud.Infrastructure.csproj", ""),
            ],
            new SourceFile("src/Domain/PrivateLinkCloud.Domain.csproj", ""), new SourceFile("tests/Dns/PrivateLinkCloud.Dns.Tests.csproj", "")),
        Rule.OfEach("The top level holds only what belongs there", f => TopLevel.Contains(f.Path.Split('/')[0]) ? [] : ["does not belong at the top level"],
            [new SourceFile("notes.md", ""), new SourceFile("scripts/do.sh", ""), new SourceFile("PLAN.md", "")],
            new SourceFile("README.md", ""), new SourceFile("src/Domain/Names.cs", "")),
    ];

    private static IEnumerable<string> WrongArrows(SourceFile file)
    {
        if (!file.IsProject || !file.Under("src")) yield break;
        foreach (var to in ReferencePattern().Matches(file.Text).Select(m => m.Groups[1].Value))
            if (!Allowed.Contains((file.Folder, to)))
                yield return $"{file.Folder} → {to} is forbidden: {Forbidden.First(r => (r.From == "*" || r.From == file.Folder) && (r.To == "*" || r.To == to)).Why}";
    }

    private static IEnumerable<string> Packages(SourceFile file)
    {
        if (!file.IsProject || !file.Under("src") || file.Folder is not ("Contracts" or "Domain" or "DataPlane" or "Dns")) yield break;
        if (!file.Text.Contains("Sdk=\"Microsoft.NET.Sdk\"", StringComparison.Ordinal)) yield return "uses another SDK than the plain one, which brings a framework along";
        foreach (var reference in PackagePattern().Matches(file.Text).Select(m => m.Value).Where(r => !r.Contains("BannedApiAnalyzers\" PrivateAssets=\"all\"", StringComparison.Ordinal)))
            yield return $"{reference} — the base library only; what needs more lives in the process that uses it";
    }

    private static IEnumerable<string> Names(SourceFile file)
    {
        if (!file.IsProject) yield break;
        var expected = file.Under("src") || file.Folder is "Benchmarks" or "Containers" ? $"PrivateLinkCloud.{file.Folder}.csproj" : $"PrivateLinkCloud.{file.Folder}.Tests.csproj";
        if (file.Name != expected || file.Path.Count(c => c == '/') != 2) yield return $"should be {file.Path.Split('/')[0]}/{file.Folder}/{expected}";
        if (file.Under("src") && !Projects.Contains(file.Folder)) yield return $"{file.Folder} is not on the map; a new project needs a decision that says why the code has no better home, never Common, Core, Shared, Infrastructure or Application";
    }

    private static SourceFile Project(string path, string item) => new(path, $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup>{item}</ItemGroup></Project>");
    private static string Reference(string path) => $"<ProjectReference Include=\"{path}\" />";

    [GeneratedRegex("""ProjectReference Include="[^"]*PrivateLinkCloud\.([A-Za-z]+)\.csproj""")] private static partial Regex ReferencePattern();
    [GeneratedRegex("<(?:Package|Framework)Reference[^>]*>")] private static partial Regex PackagePattern();
    [GeneratedRegex("""<PackageReference[^>]*\bVersion(?:Override)?=""")] private static partial Regex VersionPattern();
}
