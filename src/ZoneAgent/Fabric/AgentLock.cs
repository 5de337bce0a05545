using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// Says that an agent lives: two with one id would take each other's holds for their own and give them up. The kernel releases it with
/// the process, however that ends; the file stays, so that nobody locks one that is no longer there.
/// </summary>
public sealed class AgentLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private AgentLock(SafeFileHandle file) => _file = file;

    /// <returns>Null when an agent of this id lives on this host already.</returns>
    /// <exception cref="AgentLockException">The directories cannot be used.</exception>
    public static AgentLock? TryTake(NamespaceNames names, string agentId)
    {
        try
        {
            using var guard = HostLock.Take(names.LockFile); // against RemoveUnheld between the opening and the locking
            Directory.CreateDirectory(names.AgentsDirectory);
            var file = Native.OpenLockFile(Path.Combine(names.AgentsDirectory, agentId));
            if (Native.TryLock(file)) return new AgentLock(file);
            file.Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            throw new AgentLockException(e.Message);
        }
    }

    /// <summary>Removes the files of agents that do not live. Under <see cref="HostLock"/>.</summary>
    internal static void RemoveUnheld(NamespaceNames names)
    {
        if (!Directory.Exists(names.AgentsDirectory)) return;
        foreach (var path in Directory.EnumerateFiles(names.AgentsDirectory).ToList())
        {
            using var file = Native.OpenLockFile(path);
            if (Native.TryLock(file)) File.Delete(path);
        }
        if (!Directory.EnumerateFileSystemEntries(names.AgentsDirectory).Any()) Directory.Delete(names.AgentsDirectory);
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>Whether another agent lives cannot be found out.</summary>
public sealed class AgentLockException(string message) : Exception(message);
