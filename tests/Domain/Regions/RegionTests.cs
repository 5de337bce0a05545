using PrivateLinkCloud.Domain.Regions;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

public sealed class RegionTests
{
    private static readonly object[] Opened = [new RegionOpened(RegionId, Now)];

    [Fact]
    public void A_region_is_opened_once() =>
        Laws.Regions.When(new OpenRegion(RegionId, Now)).Then(new RegionOpened(RegionId, Now));

    [Theory]
    [InlineData("")]
    [InlineData("us-east")]
    [InlineData("US-EAST-1")]
    [InlineData("us_east_1")]
    [InlineData("us-east-100")]
    [InlineData("us-east-1\n")]
    public void A_region_has_the_fields_name(string id) => Laws.Regions.When(new OpenRegion(id, Now)).ThenRefused("InvalidRegion");

    [Fact]
    public void A_zone_is_opened_and_claims_its_id_over_all_regions() =>
        Laws.Regions.Given(Opened).When(new OpenZone(RegionId, ZoneA, Now))
            .Then(new ZoneOpened(RegionId, ZoneA, Now)).Claiming(("zone", ZoneA, RegionId));

    [Fact]
    public void A_zone_of_no_region_is_refused() => Laws.Regions.When(new OpenZone(RegionId, ZoneA, Now)).ThenRefused("InvalidRegion.NotFound", RejectionKind.NotFound);

    [Theory]
    [InlineData("us-east-1a")]
    [InlineData("use1-az")]
    [InlineData("use1-az1\n")]
    public void A_zone_id_is_not_a_zone_name(string id) => Laws.Regions.Given(Opened).When(new OpenZone(RegionId, id, Now)).ThenRefused("InvalidZoneId");

    [Fact]
    public void A_zone_opened_twice_stays_one() =>
        Laws.Regions.Given([.. Opened, new ZoneOpened(RegionId, ZoneA, Now)]).When(new OpenZone(RegionId, ZoneA, Now)).ThenNothing();

    [Fact]
    public void The_twenty_seventh_zone_has_no_letter_left()
    {
        var letters = Enumerable.Range(1, 26).Select(i => (object)new ZoneOpened(RegionId, $"use1-az{i}", Now));
        Laws.Regions.Given([.. Opened, .. letters]).When(new OpenZone(RegionId, "use1-az27", Now)).ThenRefused("ZoneLimitExceeded", RejectionKind.LimitExceeded);
    }
}
