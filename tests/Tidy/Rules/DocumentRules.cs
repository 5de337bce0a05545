using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>Good prose rots when nothing checks it.</summary>
internal static partial class DocumentRules
{
    /// <summary>Projects that have no README yet. The list only shrinks: take the name out when the file is there.</summary>
    private static readonly string[] WithoutReadme = ["Contracts", "Domain", "ControlPlane"];

    /// <summary>Public types without a doc comment of their own, per project: commands and events, whose header comment speaks for all of the file. May only fall.</summary>
    private static readonly Dictionary<string, int> Undocumented = new() { ["Domain"] = 66, ["ControlPlane"] = 13, ["DataPlane"] = 8, ["Dns"] = 1 };

    private const int DecisionLines = 15;

    public static IEnumerable<Rule> All =>
    [
        Rule.OfEach("Every file of the product says what it is for", Unintroduced,
            [new SourceFile("src/Dns/X.cs", "namespace A;\n\npublic sealed class X { }\n"), new SourceFile("src/Dns/X.cs", "using System;\n\nnamespace A;\n\n[Obsolete]\npublic enum Y { A }\n")],
            new SourceFile("src/Dns/X.cs", "namespace A;\n\n/// <summary>Why.</summary>\n[Obsolete]\npublic enum Y { A }\npublic enum Z { A }\n"), new SourceFile("src/Dns/X.cs", "namespace A;\n\n// What can be asked.\npublic enum Z { A }\n")),
        new Rule("Undocumented public types become fewer", TooManyUndocumented,
            [[new SourceFile("src/Portal/X.cs", "namespace A;\n\npublic sealed class X { }\n")]],
            [new SourceFile("src/Dns/X.cs", "namespace A;\n\n/// <summary>Why.</summary>\npublic sealed class X { }\n")]),
        new Rule("Every project has a README, or is on a list that shrinks", Readmes,
            [[new SourceFile("src/Portal/PrivateLinkCloud.Portal.csproj", "")], [new SourceFile("src/Domain/PrivateLinkCloud.Domain.csproj", ""), new SourceFile("src/Domain/README.md", "")]],
            [new SourceFile("src/Domain/PrivateLinkCloud.Domain.csproj", "")]),
        new Rule("The files a README or a decision names exist", DeadNames,
            [[new SourceFile("src/README.md", "See `Domain/Gone.cs`.")], [new SourceFile("README.md", "Run `deploy/gone.sh` now.")], [new SourceFile("src/Dns/README.md", "[map](../GONE.md)")]],
            [new SourceFile("src/README.md", "Use `Domain/<Capability>/…Decider.cs`, [a link](https://example.org/x.md) and `README.md`.")]),
        Rule.OfEach($"Decisions are dated, newest first, and at most {DecisionLines} lines long", Decisions,
            [
                new SourceFile("src/DECISIONS.md", "# Decisions\n\n## Use Marten\nBecause.\n"),
                new SourceFile("src/DECISIONS.md", "# Decisions\n\n## 2026-01-01 Old\nText.\n\n## 2026-02-01 New\nText.\n"),
                new SourceFile("src/DECISIONS.md", "# Decisions\n\n## 2026-01-01 Long\n" + string.Concat(Enumerable.Repeat("Text.\n", DecisionLines))),
                new SourceFile("src/DECISIONS.md", "# Decisions\n"),
            ],
            new SourceFile("src/DECISIONS.md", "# Decisions\n\n## 2026-02-01 New\nText.\n\n## 2026-01-01 Old\nText.\n")),
    ];

    private static IEnumerable<string> Unintroduced(SourceFile file)
    {
        if (!file.IsCode || !file.Under("src")) yield break;
        var says = file.Lines.Any(l => l.StartsWith("//", StringComparison.Ordinal));
        if (!says && file.Lines.Any(l => TypePattern().IsMatch(l))) yield return "no comment on a type or above says what the file is for";
    }

    private static IEnumerable<string> TooManyUndocumented(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsCode && file.Under("src")
        group file by file.Folder into project
        let bare = project.Sum(BareTypes)
        where bare > Undocumented.GetValueOrDefault(project.Key)
        select $"{project.Key} has {bare} public types without a doc comment, {Undocumented.GetValueOrDefault(project.Key)} were allowed: {string.Join(", ", project.Where(f => BareTypes(f) > 0).Select(f => f.Path))}";

    private static int BareTypes(SourceFile file) => file.Lines.Where((line, i) => TypePattern().IsMatch(line) && line.StartsWith("public", StringComparison.Ordinal) && !Documented(file.Lines, i)).Count();

    private static bool Documented(string[] lines, int type)
    {
        while (type > 0 && lines[type - 1].StartsWith('[')) type--;
        return type > 0 && lines[type - 1].StartsWith("///", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Readmes(IReadOnlyList<SourceFile> files)
    {
        foreach (var project in files.Where(f => f.IsProject && f.Under("src")))
        {
            var there = files.Any(f => f.Path == $"src/{project.Folder}/README.md");
            if (!there && !WithoutReadme.Contains(project.Folder)) yield return $"{project.Path}: its folder has no README.md";
            if (there && WithoutReadme.Contains(project.Folder)) yield return $"src/{project.Folder}/README.md: there now; take {project.Folder} out of the list in this rule";
        }
    }

    private static IEnumerable<string> DeadNames(IReadOnlyList<SourceFile> files)
    {
        var paths = files.Select(f => f.Path).ToHashSet();
        foreach (var document in files.Where(f => f.Name is "README.md" or "DECISIONS.md"))
        {
            var folder = document.Path[..Math.Max(0, document.Path.LastIndexOf('/'))];
            foreach (var name in NamedPattern().Matches(document.Text).Select(m => m.Groups[1].Value + m.Groups[2].Value).Distinct())
                if (!Candidates(folder, name).Any(c => paths.Contains(c) || paths.Any(p => p.StartsWith(c + "/", StringComparison.Ordinal))))
                    yield return $"{document.Path}: names {name}, which is not there";
        }
    }

    /// <summary>A name is meant from the document's own folder, from the root, or from <c>src</c>.</summary>
    private static IEnumerable<string> Candidates(string folder, string name)
    {
        foreach (var start in (string[])[folder, "", "src"])
        {
            var parts = new List<string>();
            foreach (var part in $"{start}/{name}".Split('/', StringSplitOptions.RemoveEmptyEntries))
                if (part == ".." && parts.Count > 0) parts.RemoveAt(parts.Count - 1);
                else if (part != ".") parts.Add(part);
            yield return string.Join('/', parts);
        }
    }

    private static IEnumerable<string> Decisions(SourceFile file)
    {
        if (file.Name != "DECISIONS.md") yield break;
        var heads = file.Lines.Index().Where(l => l.Item.StartsWith("## ", StringComparison.Ordinal)).ToList();
        if (heads.Count == 0) yield return "holds no decision";
        foreach (var (line, head) in heads)
        {
            if (!DatePattern().IsMatch(head)) yield return $"line {line + 1}: '{head}' does not begin with its date";
            var end = heads.Select(h => h.Index).FirstOrDefault(i => i > line, file.Lines.Length);
            var length = file.Lines[line..end].Count(l => l.Trim().Length > 0);
            if (length > DecisionLines) yield return $"line {line + 1}: {length} lines; say it in {DecisionLines}";
        }
        var dates = heads.Select(h => h.Item[3..Math.Min(13, h.Item.Length)]).ToList();
        if (!dates.SequenceEqual(dates.OrderDescending(StringComparer.Ordinal))) yield return "not newest first";
    }

    [GeneratedRegex(@"^(?:public|internal)? ?(?:static |sealed |abstract |readonly |partial |file )*(?:class|record|struct|interface|enum|delegate)\b")] private static partial Regex TypePattern();
    /// <summary>Paths in backticks with a slash and an ending, and relative links.</summary>
    [GeneratedRegex(@"`([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)+\.(?:cs|csproj|md|sh|sql|jsonc?|sln|slnf|props|ya?ml))(?: [^`]*)?`|\]\((?!https?:|#|mailto:)([^)#\s]+)")] private static partial Regex NamedPattern();
    [GeneratedRegex(@"^## 20\d\d-\d\d-\d\d ")] private static partial Regex DatePattern();
}
