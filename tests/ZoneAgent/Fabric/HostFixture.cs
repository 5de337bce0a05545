using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PrivateLinkCloud.DataPlane;
using PrivateLinkCloud.ZoneAgent.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Fabric;

/// <summary>
/// A host of a test's own: an instance name nobody else has, and directories under a temporary one. Everything it made is removed at
/// the end, whatever the test did.
/// </summary>
internal sealed class HostFixture : IDisposable
{
    private static int s_count;
    private readonly string _directory = Directory.CreateTempSubdirectory("plc-agent-").FullName;

    public HostFixture()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Names = new NamespaceNames($"zt{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}", Path.Combine(_directory, "run"), Path.Combine(_directory, "lock"));
        Thread = new NamespaceThread();
        Networks = new NamespaceSockets(Thread, Names);
    }

    public NamespaceNames Names { get; }

    public NamespaceThread Thread { get; }

    public INetworks Networks { get; }

    public string PathOf(string file) => Path.Combine(_directory, file);

    public NamespaceFabric Agent(string agentId) => new(Names, new NetworkSysctls(), Thread, agentId);

    public void Dispose()
    {
        NamespaceFabric.RemoveAll(Names);
        Thread.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>An address of an instance of the network, outside of what the fabric manages.</summary>
    public void GiveInstance(string network, string address) => Ip("-n", Names.NameOf(network), "address", "add", address + "/32", "dev", "lo");

    public static void Ip(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public Socket Tcp(string network) => Networks.CreateSocket(network, SocketType.Stream, ProtocolType.Tcp);

    public Socket Udp(string network) => Networks.CreateSocket(network, SocketType.Dgram, ProtocolType.Udp);

    public static IPEndPoint At(string address, int port) => new(IPAddress.Parse(address), port);
}

/// <summary>Namespaces, processes and files of the host: one class at a time, for they share two cores and one kernel lock.</summary>
[CollectionDefinition("host", DisableParallelization = true)]
public static class HostGroup;
