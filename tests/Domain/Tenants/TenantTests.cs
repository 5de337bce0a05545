using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.Tenants;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>S-38: each tenant has its own names for the physical zones, one to one, and a name once seen never changes its meaning.</summary>
public sealed class TenantTests
{
    private static readonly string[] Zones = ["use1-az1", "use1-az2", "use1-az4"];

    [Fact]
    public void A_tenant_sees_the_zones_in_the_order_the_operator_says() =>
        Laws.Tenants.When(Register(["use1-az4", "use1-az1", "use1-az2"])).Then(
            new TenantRegistered(Consumer, "Consumer Inc.", Now),
            new TenantZonesMapped(Consumer, RegionId, new Dictionary<string, string> { ["use1-az4"] = "a", ["use1-az1"] = "b", ["use1-az2"] = "c" }, Now));

    [Theory]
    [InlineData("22222222222")]
    [InlineData("2222222222222")]
    [InlineData("22222222222a")]
    [InlineData("222222222222\n")]
    [InlineData("٢٢٢٢٢٢٢٢٢٢٢٢")]
    public void An_account_is_twelve_digits(string account) => Laws.Tenants.When(Register(Zones) with { Account = account }).ThenRefused("InvalidAccount");

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_tenant_has_a_name(string name) => Laws.Tenants.When(Register(Zones) with { Name = name }).ThenRefused("InvalidTenantName");

    [Theory]
    [InlineData("use1-az1", "use1-az2")]
    [InlineData("use1-az1", "use1-az1", "use1-az2")]
    [InlineData("use1-az1", "use1-az2", "use1-az4", "use1-az9")]
    public void The_mapping_names_every_zone_exactly_once(params string[] zones) => Laws.Tenants.When(Register(zones)).ThenRefused("InvalidZoneMapping");

    [Fact]
    public void Registering_again_changes_nothing_and_another_name_is_refused()
    {
        var known = Laws.Tenants.Given(new TenantRegistered(Consumer, "Consumer Inc.", Now));
        known.When(Register(Zones)).ThenNothing();
        known.When(Register(Zones) with { Name = "Somebody else" }).ThenRefused("AccountInUse", RejectionKind.Conflict);
    }

    [Fact]
    public void A_drawn_mapping_is_one_to_one_for_every_seed_and_not_always_the_same()
    {
        var seen = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var tenant = Registered(Register(null) with { Shuffle = seed });
            var names = Zones.Select(z => tenant.ZoneName(Region(Zones), z)).ToList();
            Assert.Equal(["us-east-1a", "us-east-1b", "us-east-1c"], names.Order());
            Assert.All(Zones, z => Assert.Equal(z, tenant.ZoneId(Region(Zones), tenant.ZoneName(Region(Zones), z))));
            seen.Add(string.Join(",", names));
        }
        Assert.Equal(6, seen.Count); // all orders of three zones occur
    }

    [Fact]
    public void Names_keep_their_meaning_when_zones_are_added()
    {
        var tenant = Registered(Register(["use1-az4", "use1-az2", "use1-az1"]));
        var before = Zones.ToDictionary(z => z, z => tenant.ZoneName(Region(Zones), z));
        for (var more = 5; more <= 26; more++)
        {
            var region = Region([.. Zones, .. Enumerable.Range(5, more - 4).Select(i => $"use1-az{i}")]);
            Assert.All(before, p => Assert.Equal(p.Value, tenant.ZoneName(region, p.Key)));
            Assert.Equal(region.ZoneIds.Count, region.ZoneIds.Select(z => tenant.ZoneName(region, z)).Distinct().Count());
            before[$"use1-az{more}"] = tenant.ZoneName(region, $"use1-az{more}");
        }
        Assert.Equal("us-east-1d", before["use1-az5"]);
    }

    [Fact]
    public void A_name_the_tenant_does_not_have_means_no_zone()
    {
        var tenant = Registered(Register(Zones));
        Assert.Null(tenant.ZoneId(Region(Zones), "us-east-1d"));
        Assert.Null(tenant.ZoneId(Region(Zones), "use1-az1"));
        Assert.Null(tenant.ZoneId(Region(Zones), null));
    }

    private static Region Region(params string[] zones) => new(RegionId, zones);
    private static RegisterTenant Register(string[]? zones) => new(Consumer, "Consumer Inc.", Region(Zones), zones, 1, Now);
    private static Tenant Registered(RegisterTenant command) => Fold<Tenant>(TenantDecider.Register(null, command).Events);
}
