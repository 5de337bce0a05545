namespace PrivateLinkCloud.Domain.Tenants;

/// <summary>The law of tenants. Only the platform operator's commands come here.</summary>
public static class TenantDecider
{
    public static Decision Register(Tenant? tenant, RegisterTenant c)
    {
        if (!Names.IsAccount(c.Account)) return Rejection.Invalid("InvalidAccount", $"'{c.Account}' is not an account. Use 12 digits.");
        if (string.IsNullOrWhiteSpace(c.Name) || c.Name.Length > 128) return Rejection.Invalid("InvalidTenantName", "Give the tenant a name of 1 to 128 characters.");
        if (tenant is not null && tenant.Name != c.Name) return Rejection.Conflict("AccountInUse", $"Account {c.Account} is registered under another name. Use that name, or another account.");
        if (tenant is not null && c.ZoneIds is { } wanted && !(wanted.All(c.Region.ZoneIds.Contains) && wanted.SequenceEqual(wanted.OrderBy(z => tenant.ZoneName(c.Region, z), StringComparer.Ordinal))))
            return Rejection.Conflict("ZoneMappingExists", $"Account {c.Account} has its names for the zones already, and keeps them: tenants build on them.");
        if (tenant is not null) return Decision.Nothing;
        var order = c.ZoneIds ?? Shuffled(c.Region.ZoneIds, c.Shuffle);
        if (!order.Order().SequenceEqual(c.Region.ZoneIds.Order()))
            return Rejection.Invalid("InvalidZoneMapping", $"zoneIds must name each zone of {c.Region.Id} once: {string.Join(", ", c.Region.ZoneIds)}.");
        var letters = order.Select((zone, i) => (zone, letter: ((char)('a' + i)).ToString())).ToDictionary(p => p.zone, p => p.letter);
        return Decision.Of(new TenantRegistered(c.Account, c.Name, c.Now), new TenantZonesMapped(c.Account, c.Region.Id, letters, c.Now));
    }

    /// <summary>Fisher–Yates on a small linear congruential generator: the same seed gives the same order on every platform.</summary>
    private static string[] Shuffled(IReadOnlyList<string> zones, int seed)
    {
        var order = zones.ToArray();
        var state = (uint)seed;
        for (var i = order.Length - 1; i > 0; i--)
        {
            state = state * 1664525 + 1013904223;
            var j = (int)((state >> 8) % (uint)(i + 1));
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }
}
