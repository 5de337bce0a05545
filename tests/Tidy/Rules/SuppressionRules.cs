using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>A warning may be silenced by whoever can say why.</summary>
internal static partial class SuppressionRules
{
    public static IEnumerable<Rule> All =>
    [
        Rule.OfLines("A NoWarn says why on its line", f => f.IsProject || f.Path.EndsWith(".props", StringComparison.Ordinal),
            line => line.Contains("<NoWarn>", StringComparison.Ordinal) && !line.Contains("<!--", StringComparison.Ordinal) ? "no reason; add <!-- why --> to the line" : null,
            [new SourceFile("src/Dns/PrivateLinkCloud.Dns.csproj", "<NoWarn>$(NoWarn);CA1051</NoWarn>")],
            new SourceFile("tests/Directory.Build.props", "<NoWarn>CA1515</NoWarn><!-- a test project has no public face -->")),
        Rule.OfLines("A pragma says why on its line", f => f.IsCode && !f.Under("tests/Tidy"),
            line => PragmaPattern().IsMatch(line) && !line.Contains("//", StringComparison.Ordinal) ? "no reason; add // why to the line" : null,
            [new SourceFile("src/Dns/X.cs", "#pragma warning disable CA1051"), new SourceFile("src/Dns/X.cs", "  #pragma warning disable CS0618")],
            new SourceFile("src/Dns/X.cs", "#pragma warning disable CA1051 // the kernel fills these"), new SourceFile("src/Dns/X.cs", "#pragma warning restore CA1051")),
        Rule.OfLines("A SuppressMessage has a justification", f => f.IsCode && !f.Under("tests/Tidy"),
            line => line.Contains("SuppressMessage(", StringComparison.Ordinal) && !JustificationPattern().IsMatch(line) ? "no Justification on the line" : null,
            [new SourceFile("src/Dns/X.cs", "[SuppressMessage(\"Design\", \"CA1031\")]"), new SourceFile("src/Dns/X.cs", "[SuppressMessage(\"Design\", \"CA1031\", Justification = \"\")]")],
            new SourceFile("src/Dns/X.cs", "[SuppressMessage(\"Design\", \"CA1031\", Justification = \"one bad packet must not end the loop\")]")),
        Rule.OfEach("A rule turned off for everybody has a comment above it", Unexplained,
            [new SourceFile(".editorconfig", "[*.cs]\ndotnet_diagnostic.CA1707.severity = none")],
            new SourceFile(".editorconfig", "# Names of tests are sentences.\ndotnet_diagnostic.CA1707.severity = none\ndotnet_diagnostic.CA1708.severity = none")),
        Rule.OfLines("Nobody turns the compiler's strictness off", f => f.IsProject || f.Path.EndsWith(".props", StringComparison.Ordinal),
            line => StrictnessPattern().IsMatch(line) ? "warnings are errors, and nullable is on, everywhere" : null,
            [new SourceFile("src/Dns/PrivateLinkCloud.Dns.csproj", "<TreatWarningsAsErrors>false</TreatWarningsAsErrors>"), new SourceFile("src/Dns/PrivateLinkCloud.Dns.csproj", "<Nullable>disable</Nullable>")]),
    ];

    /// <summary>A comment counts for the block of settings below it.</summary>
    private static IEnumerable<string> Unexplained(SourceFile file)
    {
        if (file.Name != ".editorconfig") yield break;
        for (var i = 0; i < file.Lines.Length; i++)
        {
            if (!file.Lines[i].StartsWith("dotnet_diagnostic.", StringComparison.Ordinal)) continue;
            var above = i - 1;
            while (above >= 0 && file.Lines[above].StartsWith("dotnet_diagnostic.", StringComparison.Ordinal)) above--;
            if (above < 0 || !file.Lines[above].StartsWith('#')) yield return $"line {i + 1}: no comment above says why";
        }
    }

    [GeneratedRegex(@"^\s*#pragma warning disable")] private static partial Regex PragmaPattern();
    [GeneratedRegex("Justification = \"[^\"]{10,}\"")] private static partial Regex JustificationPattern();
    [GeneratedRegex("<TreatWarningsAsErrors>false|<Nullable>disable|<EnforceCodeStyleInBuild>false")] private static partial Regex StrictnessPattern();
}
