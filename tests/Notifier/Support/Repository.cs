namespace PrivateLinkCloud.Notifier.Tests.Support;

internal static class Repository
{
    /// <summary>A file of the source tree, by its path from the top.</summary>
    public static string File(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "PrivateLinkCloud.sln"))) return Path.Combine(folder.FullName, path);
        throw new InvalidOperationException("The tests run outside the source tree.");
    }
}
