namespace PrivateLinkCloud.ZoneAgent.Fabric;

/// <summary>The kernel settings of a namespace we make. Each has its reason; none touches the host's own.</summary>
/// <param name="CongestionControl">Used when the kernel allows it in a namespace.</param>
/// <param name="LocalPortRange">Two port numbers.</param>
public sealed record NetworkSysctls(string CongestionControl = "reno", string LocalPortRange = "1024 65535")
{
    private IEnumerable<(string Path, string Value)> Settings =>
    [
        // The network forwards between the instances that are attached to it, as a VPC's implicit router does.
        ("ipv4/ip_forward", "1"),
        // An instance sees its whole subnet as one link; we answer ARP for every address that we route, at once (the default waits up to 0.8 s).
        ("ipv4/conf/all/proxy_arp", "1"), ("ipv4/conf/default/proxy_arp", "1"), ("ipv4/neigh/default/proxy_delay", "0"),
        // Door addresses live on another interface than the one the question comes in by: answer for any local address.
        ("ipv4/conf/all/arp_ignore", "0"), ("ipv4/conf/default/arp_ignore", "0"),
        // Instances are reached by /32 routes over their own links; a strict reverse path check would only ever be in the way.
        ("ipv4/conf/all/rp_filter", "0"), ("ipv4/conf/default/rp_filter", "0"),
        ("ipv4/conf/all/send_redirects", "0"), ("ipv4/conf/default/send_redirects", "0"),
        // When one agent's acceptor closes, its queued connections move to another agent's instead of being reset.
        ("ipv4/tcp_migrate_req", "1"),
        // A node's address dials all targets: every port helps. Ports below 1024 stay for those who listen.
        ("ipv4/ip_local_port_range", LocalPortRange),
        // Pacing congestion controls need the fq qdisc to be cheap; without it reno moved 2.3 times as much over veth. What an operator sets stays per VPC.
        ("ipv4/tcp_congestion_control", CongestionControl),
        // IPv4 only for now; an address that nobody planned must not appear by itself.
        ("ipv6/conf/all/disable_ipv6", "1"), ("ipv6/conf/default/disable_ipv6", "1"),
    ];

    /// <summary>Puts them in force in the calling thread's namespace; one that this kernel lacks or forbids is left as it was.</summary>
    public void Apply()
    {
        foreach (var (path, value) in Settings)
            try
            {
                File.WriteAllText($"/proc/sys/net/{path}", value);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Older kernels lack some of these and containers forbid some: each is an improvement, none a condition.
            }
    }
}
