namespace PrivateLinkCloud.Lab;

/// <summary><c>deploy/lab.sh down</c>: ends a lab that stands, and clears what one that was killed has left.</summary>
public static class LabDown
{
    /// <summary>A standing lab ends itself within this time, or is ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(LabDirectory directory)
    {
        await LabProcesses.EndAsync(LabProcess.Read(directory.Records).Where(p => p.Role == LabDirectory.OwnRole), LabProcess.Terminate, Patience);
        // It has removed everything, its directory too; only a killed one leaves work for us.
        if (!Directory.Exists(directory.Root)) return 0;
        using var held = directory.Lock();
        var complaints = await Teardown.RunAsync(directory, keepLogs: false);
        foreach (var complaint in complaints) await Console.Error.WriteLineAsync($"Not removed: {complaint}");
        return complaints.Count == 0 ? 0 : 1;
    }
}
