using System.Net;
using System.Net.Sockets;

namespace PrivateLinkCloud.Notifier.Egress;

/// <summary>
/// Which addresses a webhook may go to. Tenants choose the destinations, and the notifier stands inside the operator's network:
/// so everything that is not the public Internet is refused unless the operator allows it. Pure; it judges addresses, never
/// spellings, because a name or an odd spelling (<c>0x7f.1</c>, <c>2130706433</c>) is only dangerous for where it leads.
/// </summary>
/// <param name="allowed">The operator's list (<c>Delivery:AllowedPrivateDestinations</c>).</param>
public sealed class EgressGuard(IReadOnlyList<IPNetwork> allowed)
{
    /// <summary>Why the address is refused; null when it may be connected to.</summary>
    public string? Fault(IPAddress address)
    {
        var real = SpecialAddresses.Real(address);
        if (SpecialAddresses.WhatIs(real) is not { } special) return null;
        var bits = real.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        // A range that happens to hold the cloud's metadata address does not open it: it hands out credentials, so it is named alone or not at all.
        var opened = allowed.Any(n => n.Contains(real) && (special != SpecialAddresses.Metadata || n.PrefixLength == bits));
        return opened ? null : $"{address} is {special}, and the operator does not allow it";
    }
}
