namespace PrivateLinkCloud.DataPlane;

/// <summary>How a relay behaves. The defaults are production's; an agent gives the seed alone, the rest is turned by tests and measurements.</summary>
public sealed record RelayOptions
{
    /// <summary>Seeds the nonces of the flow hash, which stand in for the TCP sequence number user space cannot see (rules §2.11-2). Give every process another one.</summary>
    public ulong Seed { get; init; }

    /// <summary>How long one target may take to answer a connect before the next one is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this many targets stayed silent a flow is given up; its consumer should not wait for a whole group of dead hosts.</summary>
    public int MaxSilentTargets { get; init; } = 3;

    /// <summary>How often flows are looked over for idleness and unseen resets, and draining doors for their times. Each may be late by this much.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The pause after accept failed for want of descriptors or memory.</summary>
    public TimeSpan AcceptBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A held probe that says nothing for so long is reset: its resolver is gone without a word.</summary>
    public TimeSpan ProbeSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Size of the pooled buffer a direction holds while it moves bytes (none while it waits).</summary>
    public int BufferBytes { get; init; } = 128 * 1024;

    /// <summary>Accept queue length per acceptor; the kernel caps it at net.core.somaxconn.</summary>
    public int Backlog { get; init; } = 4096;
}
