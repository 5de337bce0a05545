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
        var file = Native.OpenLockFile(path);
        Native.Lock(file);
        return new HostLock(file);
    }

    public void Dispose() => _file.Dispose();
}
