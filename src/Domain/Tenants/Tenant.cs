using PrivateLinkCloud.Domain.Regions;

namespace PrivateLinkCloud.Domain.Tenants;

/// <summary>
/// A tenant and what it calls the zones (S-38): the same letter means different physical zones to different tenants, so that
/// "a" is not everybody's busiest zone.
/// </summary>
public sealed record Tenant(string Id, string Name, IReadOnlyDictionary<string, string> ZoneLetters) : IFold<Tenant>
{
    public int Version { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(TenantRegistered), typeof(TenantZonesMapped)];

    public static Tenant? Evolve(Tenant? state, object @event) => (state, @event) switch
    {
        (_, TenantRegistered e) => new Tenant(e.Account, e.Name, new Dictionary<string, string>()),
        ({ } tenant, TenantZonesMapped e) => tenant with { ZoneLetters = tenant.ZoneLetters.Concat(e.Letters).ToDictionary(p => p.Key, p => p.Value) },
        _ => state,
    };

    /// <summary>The tenant's name of a physical zone (<c>use1-az4</c> → <c>us-east-1a</c>). A zone opened after the tenant was mapped takes the
    /// next free letter in the order of opening, so a name once seen never changes its meaning.</summary>
    public string ZoneName(Region region, string zoneId) => region.Id + Letters(region)[zoneId];

    /// <summary>The physical zone behind a name; null when the tenant has no such zone.</summary>
    public string? ZoneId(Region region, string? zoneName) =>
        Letters(region).FirstOrDefault(p => region.Id + p.Value == zoneName).Key;

    private Dictionary<string, string> Letters(Region region)
    {
        var letters = region.ZoneIds.Where(ZoneLetters.ContainsKey).ToDictionary(z => z, z => ZoneLetters[z]);
        foreach (var zone in region.ZoneIds.Where(z => !letters.ContainsKey(z)))
            letters[zone] = Enumerable.Range('a', 26).Select(c => ((char)c).ToString()).First(l => !letters.ContainsValue(l));
        return letters;
    }
}

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record TenantRegistered(string Account, string Name, DateTimeOffset At);

/// <param name="Letters">Physical zone id → letter.</param>
public sealed record TenantZonesMapped(string Account, string RegionId, IReadOnlyDictionary<string, string> Letters, DateTimeOffset At);

/// <param name="ZoneIds">The region's zones, in the order this tenant is to see them (a, b, c …); null: an order drawn by <paramref name="Shuffle"/>.</param>
/// <param name="Shuffle">Chance, as an argument.</param>
public sealed record RegisterTenant(string Account, string Name, Region Region, IReadOnlyList<string>? ZoneIds, int Shuffle, DateTimeOffset Now);
