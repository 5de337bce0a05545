namespace PrivateLinkCloud.Tidy.Tests;

/// <summary>A text of the repository. Rules are functions over these, so that each can be shown a sample that it must reject.</summary>
/// <param name="Path">From the root, with forward slashes.</param>
public sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.Split('\n');
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);
    public bool IsProject => Path.EndsWith(".csproj", StringComparison.Ordinal);

    /// <summary><c>src/Domain/Vpcs/Vpc.cs</c> → <c>Domain</c>.</summary>
    public string Folder => Path.Split('/') is [_, var folder, _, ..] ? folder : "";
    public bool Under(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);
}
