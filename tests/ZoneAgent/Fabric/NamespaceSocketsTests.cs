using System.Net.Sockets;
using PrivateLinkCloud.ZoneAgent.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Fabric;

[Collection("host")]
public sealed class NamespaceSocketsTests
{
    /// <summary>Linux numbers, as errno(3) lists them. The relay names a flow's end by what comes out.</summary>
    [Theory]
    [InlineData(2, SocketError.NetworkUnreachable)]
    [InlineData(12, SocketError.NoBufferSpaceAvailable)]
    [InlineData(23, SocketError.TooManyOpenSockets)]
    [InlineData(24, SocketError.TooManyOpenSockets)]
    [InlineData(105, SocketError.NoBufferSpaceAvailable)]
    [InlineData(1, SocketError.SocketError)]
    public void Errors_of_the_kernel_keep_their_meaning(int errno, SocketError expected) => Assert.Equal(expected, NamespaceSockets.ErrorOf(errno));

    [Fact]
    public void A_network_that_is_not_there_is_unreachable()
    {
        using var host = new HostFixture();
        Assert.Equal(SocketError.NetworkUnreachable, Assert.Throws<SocketException>(() => host.Tcp("vpc-none")).SocketErrorCode);
    }
}
