using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>Files and functions stay readable in one sitting. A ratchet, not a taste: what exceeds it is named here with the size it may not outgrow.</summary>
internal static partial class SizeRules
{
    private const int FileLimit = 400;
    private const int FunctionLimit = 70;

    /// <summary>Path → lines. Shrink or delete an entry; a new one needs a reason beside it.</summary>
    private static readonly Dictionary<string, int> LongFiles = [];

    /// <summary>Path → lines of its longest function.</summary>
    private static readonly Dictionary<string, int> LongFunctions = [];

    public static IEnumerable<Rule> All =>
    [
        Rule.OfEach($"No file of code is longer than {FileLimit} lines", file => file.IsCode && file.Lines.Length > LongFiles.GetValueOrDefault(file.Path, FileLimit) ? [$"{file.Lines.Length} lines; it has several reasons to change"] : [],
            [new SourceFile("src/Domain/Huge.cs", new string('\n', FileLimit + 1))], new SourceFile("src/Domain/Fits.cs", new string('\n', FileLimit - 1))),
        Rule.OfEach($"No function is longer than {FunctionLimit} lines", file => Functions(file).Where(f => f.Lines > LongFunctions.GetValueOrDefault(file.Path, FunctionLimit)).Select(f => $"{f.Name} has {f.Lines} lines"),
            [Function(FunctionLimit)], Function(FunctionLimit - 3)),
    ];

    /// <summary>Block bodies of members, found by their indentation: the formatter is enforced by the build, so a closing brace stands under its member.</summary>
    private static IEnumerable<(string Name, int Lines)> Functions(SourceFile file)
    {
        if (!file.IsCode) yield break;
        for (var i = 1; i < file.Lines.Length; i++)
        {
            if (OpeningPattern().Match(file.Lines[i]) is not { Success: true } open) continue;
            var head = HeadOf(file.Lines, i - 1, open.Groups[1].Value);
            if (!head.Contains('(', StringComparison.Ordinal) || TypePattern().IsMatch(head)) continue;
            var end = Array.FindIndex(file.Lines, i, l => l.StartsWith(open.Groups[1].Value + "}", StringComparison.Ordinal));
            if (end > 0) yield return (head.Trim(), end - i + 2);
        }
    }

    /// <summary>The member's first line: parameters may go over several, indented further.</summary>
    private static string HeadOf(string[] lines, int at, string indent)
    {
        while (at > 0 && lines[at].StartsWith(indent + " ", StringComparison.Ordinal)) at--;
        return lines[at];
    }

    private static SourceFile Function(int lines) =>
        new("src/Domain/Long.cs", $"class Long\n{{\n    private static int Add(int a,\n        int b)\n    {{\n{string.Concat(Enumerable.Repeat("        a++;\n", lines))}    }}\n}}\n");

    [GeneratedRegex("^( {4}| {8})\\{\\s*$")] private static partial Regex OpeningPattern();
    [GeneratedRegex(@"\b(?:class|record|struct|interface|enum|namespace|new)\b")] private static partial Regex TypePattern();
}
