using System.Collections.Concurrent;
using Marten;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.Tenants;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>Who is registered, and what each calls the zones (S-38, S-39).</summary>
public sealed class TenantDirectory(IDocumentStore store)
{
    /// <summary>Registration never changes once made, so a found tenant is kept; one that was not found is asked for again.</summary>
    private readonly ConcurrentDictionary<string, Tenant> _tenants = new();
    private readonly ConcurrentDictionary<string, bool> _open = new();

    public async Task<Tenant?> TenantAsync(string account, CancellationToken ct)
    {
        if (_tenants.TryGetValue(account, out var known)) return known;
        await using var session = store.QuerySession(account);
        var tenant = await session.LoadAsync<Tenant>(account, ct);
        if (tenant is not null) _tenants[account] = tenant;
        return tenant;
    }

    /// <summary>A region, once opened, stays open: one that was found need not be asked for again.</summary>
    public async Task<bool> IsOpenAsync(string regionId, CancellationToken ct)
    {
        if (_open.ContainsKey(regionId)) return true;
        if (await RegionAsync(regionId, ct) is null) return false;
        _open[regionId] = true;
        return true;
    }

    public async Task<Region?> RegionAsync(string regionId, CancellationToken ct)
    {
        await using var session = store.QuerySession(MartenSetup.PlatformTenant);
        return await session.LoadAsync<Region>(regionId, ct);
    }

    /// <summary>The account's view of one region's zones. The account must be registered.</summary>
    public async Task<ZoneNames> ZonesAsync(string account, string regionId, CancellationToken ct) =>
        new((await TenantAsync(account, ct))!, await RegionAsync(regionId, ct) is { } region ? [region] : []);

    /// <summary>…and of every region's.</summary>
    public async Task<ZoneNames> ZonesAsync(string account, CancellationToken ct)
    {
        await using var session = store.QuerySession(MartenSetup.PlatformTenant);
        return new((await TenantAsync(account, ct))!, await session.Query<Region>().OrderBy(r => r.Id).ToListAsync(ct));
    }
}

/// <summary>One tenant's names of physical zones, both ways.</summary>
public sealed record ZoneNames(Tenant Tenant, IReadOnlyList<Region> Regions)
{
    public bool Has(string zoneId) => Regions.Any(r => r.ZoneIds.Contains(zoneId));

    /// <summary>The zone must be one of the regions'.</summary>
    public string Name(string zoneId) => Tenant.ZoneName(Regions.First(r => r.ZoneIds.Contains(zoneId)), zoneId);
    public string? Id(string? zoneName) => Regions.Select(r => Tenant.ZoneId(r, zoneName)).FirstOrDefault(id => id is not null);
}
