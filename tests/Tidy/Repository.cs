namespace PrivateLinkCloud.Tidy.Tests;

/// <summary>Every text below the folder of the solution; what a build or a run leaves behind is passed over.</summary>
public static class Repository
{
    private static readonly HashSet<string> Left = ["bin", "obj", ".git", ".vs", ".idea", ".lab", ".test", "TestResults", "node_modules"];

    private static readonly HashSet<string> Texts =
        [".cs", ".csproj", ".props", ".targets", ".sln", ".slnf", ".slnx", ".md", ".sh", ".json", ".jsonc", ".sql", ".yml", ".yaml", ".txt", ".config", ".editorconfig", ".gitignore", ".html", ".css", ".js", ""];

    public static IReadOnlyList<SourceFile> Files { get; } = Read(Root());

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PrivateLinkCloud.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("PrivateLinkCloud.sln is in none of the folders above the tests.");
    }

    private static List<SourceFile> Read(string root)
    {
        var files = new List<SourceFile>();
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var folder))
        {
            foreach (var sub in Directory.EnumerateDirectories(folder).Where(d => !Left.Contains(Path.GetFileName(d)))) folders.Push(sub);
            // In a worktree .git is a file.
            foreach (var path in Directory.EnumerateFiles(folder).Where(p => Texts.Contains(Path.GetExtension(p)) && Path.GetFileName(p) != ".git"))
                files.Add(new SourceFile(Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText(path)));
        }
        return [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];
    }
}
