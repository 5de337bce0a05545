namespace PrivateLinkCloud.Domain.Regions;

/// <summary>A region and its physical zones in the order they were opened. The platform operator's; zones are never closed, only emptied.</summary>
public sealed record Region(string Id, IReadOnlyList<string> ZoneIds) : IFold<Region>
{
    public int Version { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } = [typeof(RegionOpened), typeof(ZoneOpened)];

    public static Region? Evolve(Region? state, object @event) => (state, @event) switch
    {
        (_, RegionOpened e) => new Region(e.RegionId, []),
        ({ } region, ZoneOpened e) => region with { ZoneIds = [.. region.ZoneIds, e.ZoneId] },
        _ => state,
    };
}

// Stored formats: additive changes only; each has a golden sample in migrations/events.
public sealed record RegionOpened(string RegionId, DateTimeOffset At);
public sealed record ZoneOpened(string RegionId, string ZoneId, DateTimeOffset At);

public sealed record OpenRegion(string RegionId, DateTimeOffset Now);
public sealed record OpenZone(string RegionId, string ZoneId, DateTimeOffset Now);
