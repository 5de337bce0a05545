using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>
/// The few Linux calls the base library has no name for. Each throws <see cref="Win32Exception"/> with the kernel's errno, so that
/// no caller looks at a return value. Constants are those of x86-64 and arm64 Linux alike.
/// </summary>
internal static partial class Native
{
    public const int ErrorExists = 17, ErrorNotAvailable = 99, ErrorNoDevice = 19;
    private const int CloneNewNet = 0x40000000;
    private const int ReadOnly = 0, ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000, OwnerOnly = 0x180;
    private const int LockExclusive = 2, LockNonBlocking = 4, WouldBlock = 11;
    private const int FamilyInet = 2, FamilyNetlink = 16;
    private const int SocketRaw = 3;
    private const int NetlinkRoute = 0;
    private const int Interrupted = 4, Invalid = 22;

    /// <summary>A handle on a network namespace (or any file the kernel shows one as).</summary>
    public static SafeFileHandle OpenNamespace(string path) => Owned(open(path, ReadOnly | CloseOnExec), path);

    /// <summary>A file to lock. Not the base library's: that takes a shared lock of its own when it opens, and fails while another process holds ours.</summary>
    public static SafeFileHandle OpenLockFile(string path) => Owned(open(path, ReadWrite | Create | CloseOnExec, OwnerOnly), path);

    /// <summary>Moves the calling <em>thread</em> into the namespace: call it only on a thread that nothing else runs on.</summary>
    public static void EnterNamespace(SafeFileHandle handle) => Check(setns(handle, CloneNewNet), "setns");

    /// <summary>Waits until this process alone holds the lock of the file. The kernel lets it go when the handle closes, or the process dies.</summary>
    public static void Lock(SafeFileHandle handle)
    {
        int result;
        do result = flock(handle, LockExclusive);
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Check(result, "flock");
    }

    /// <returns>False when another holder has it.</returns>
    public static bool TryLock(SafeFileHandle handle)
    {
        var result = flock(handle, LockExclusive | LockNonBlocking);
        if (result < 0 && Marshal.GetLastPInvokeError() == WouldBlock) return false;
        Check(result, "flock");
        return true;
    }

    /// <summary>Brings a directory's names to the medium, where the file system can do that for a directory.</summary>
    /// <exception cref="IOException">It could not be done.</exception>
    public static void SyncDirectory(string path)
    {
        try
        {
            using var directory = Owned(open(path, ReadOnly | CloseOnExec), path);
            Check(fsync(directory), path);
        }
        catch (Win32Exception e)
        {
            if (e.NativeErrorCode != Invalid) throw new IOException(e.Message, e);
        }
    }

    /// <summary>An IPv4 socket in the calling thread's namespace.</summary>
    public static SafeFileHandle InetSocket(int type, int protocol) => Owned(socket(FamilyInet, type | CloseOnExec, protocol), "socket");

    /// <summary>A route netlink socket of the calling thread's namespace.</summary>
    public static SafeFileHandle RouteSocket() => Owned(socket(FamilyNetlink, SocketRaw | CloseOnExec, NetlinkRoute), "netlink socket");

    /// <summary>The interface's index in the calling thread's namespace.</summary>
    public static uint InterfaceIndex(string name)
    {
        var index = if_nametoindex(name);
        return index > 0 ? index : throw new Win32Exception(ErrorNoDevice, $"there is no interface {name}");
    }

    public static void Send(SafeFileHandle socket, ReadOnlySpan<byte> bytes) => Check((int)send(socket, bytes, bytes.Length, 0), "netlink send");

    public static int Receive(SafeFileHandle socket, Span<byte> bytes)
    {
        int read;
        do read = (int)recv(socket, bytes, bytes.Length, 0);
        while (read < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        return Check(read, "netlink receive");
    }

    private static SafeFileHandle Owned(int descriptor, string what) => new(Check(descriptor, what), ownsHandle: true);

    private static int Check(int result, string what)
    {
        if (result >= 0) return result;
        var error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"{what}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode = 0);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(SafeFileHandle handle, int type);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint if_nametoindex(string name);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(SafeFileHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(SafeFileHandle socket, Span<byte> bytes, nint length, int flags);
}
