using Microsoft.Win32.SafeHandles;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// Guards the host's namespaces and holds against the other agents of the host while one changes them. The kernel releases it with
/// the process, however that ends.
/// </summary>
public sealed class HostLock : IDisposable
{
    private readonly SafeFileHandle _file;

    private HostLock(SafeFileHandle file) => _file = file;

    /// <summary>Waits for the lock; it is held for milliseconds at a time.</summary>
    public static HostLock Take(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // FileShare.ReadWrite: .NET's own idea of file locking must not get in the way of ours.
        var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        Native.Lock(file);
        return new HostLock(file);
    }

    public void Dispose() => _file.Dispose();
}
