namespace PrivateLinkCloud.Tidy.Tests;

/// <summary>A property of the code that is not its behaviour. A guard without its own failing sample is a comment, so each brings some.</summary>
/// <param name="Name">A sentence: what holds.</param>
/// <param name="Faults">Sentences that name the file; none when the rule holds.</param>
/// <param name="Rejects">Sets of files, each of which must give at least one fault that names its last file.</param>
/// <param name="Accepts">Files that look like a fault and are none.</param>
public sealed record Rule(string Name, Func<IReadOnlyList<SourceFile>, IEnumerable<string>> Faults, IReadOnlyList<SourceFile[]> Rejects, SourceFile[] Accepts)
{
    /// <summary>A rule that looks at one file at a time: every sample stands alone.</summary>
    public static Rule OfEach(string name, Func<SourceFile, IEnumerable<string>> faults, SourceFile[] rejects, params SourceFile[] accepts) =>
        new(name, files => files.SelectMany(f => faults(f).Select(fault => $"{f.Path}: {fault}")), [.. rejects.Select(f => new[] { f })], accepts);

    /// <summary>A rule that looks at single lines.</summary>
    public static Rule OfLines(string name, Func<SourceFile, bool> where, Func<string, string?> fault, SourceFile[] rejects, params SourceFile[] accepts) =>
        OfEach(name, file => where(file) ? file.Lines.Select((line, i) => (fault(line), i)).Where(f => f.Item1 is not null).Select(f => $"line {f.i + 1}: {f.Item1}") : [], rejects, accepts);

    public override string ToString() => Name;
}
