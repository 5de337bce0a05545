using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Domain.Regions;

/// <summary>The law of regions and zones. Only the platform operator's commands come here.</summary>
public static partial class RegionDecider
{
    public static Decision Decide(Region? region, object command) => command switch
    {
        OpenRegion c => Open(region, c),
        OpenZone c => OpenZone(region, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    };

    private static Decision Open(Region? region, OpenRegion c) =>
        !Names.IsRegion(c.RegionId) ? Rejection.Invalid("InvalidRegion", $"'{c.RegionId}' is not a region name. Use the form us-east-1.")
        : region is not null ? Decision.Nothing
        : Decision.Of(new RegionOpened(c.RegionId, c.Now));

    private static Decision OpenZone(Region? region, OpenZone c) =>
        region is null ? Rejection.NotFound("InvalidRegion.NotFound", "region", c.RegionId)
        : !ZonePattern().IsMatch(c.ZoneId) ? Rejection.Invalid("InvalidZoneId", $"'{c.ZoneId}' is not a zone id. Use the form use1-az1.")
        : region.ZoneIds.Contains(c.ZoneId) ? Decision.Nothing
        : region.ZoneIds.Count >= 26 ? new Rejection(RejectionKind.LimitExceeded, "ZoneLimitExceeded", "A region has at most 26 zones, because zone names end in a letter.")
        : Decision.Of(new ZoneOpened(c.RegionId, c.ZoneId, c.Now)) with
        {
            Claims = [new Claim("zone", c.ZoneId, c.RegionId, Rejection.Conflict("ZoneIdInUse", $"Zone '{c.ZoneId}' belongs to another region. Choose another id."))],
        };

    [GeneratedRegex(@"^[a-z0-9]{2,12}-az[0-9]{1,2}\z")] private static partial Regex ZonePattern();
}
