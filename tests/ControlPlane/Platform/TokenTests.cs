using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Each way a token can be wrong, and each route that a right token is not for. Nothing is stored in any of them.</summary>
[Collection(OneControlPlane.Name)]
public sealed class TokenTests(ControlPlaneFixture fixture)
{
    private static readonly object AVpc = new { cidr = "10.0.0.0/16" };

    private static Dictionary<string, object> Owner(string account) => new() { ["tenant"] = account, ["role"] = "owner" };

    /// <summary>Refused with this code and a sentence that says what to do.</summary>
    private async Task<Answer> UnauthorizedAsync(string code, string? token)
    {
        var answer = await fixture.RefusedAsync(401, code, () => new ApiClient(fixture.Url, token).PostAsync("/v1/vpcs", AVpc));
        Assert.Matches(@"\b(Send|Get|Ask)\b", answer["detail"]);
        return answer;
    }

    [Fact]
    public async Task Without_a_token_the_answer_says_where_to_put_one()
    {
        fixture.NewWorld();
        Assert.Contains("Authorization: Bearer", (await UnauthorizedAsync("TokenMissing", null))["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    public async Task What_is_not_a_token_is_refused(string text)
    {
        fixture.NewWorld();
        var answer = await Unwritten.AfterAsync(fixture, () => new ApiClient(fixture.Url, text).PostAsync("/v1/vpcs", AVpc));
        Assert.Equal(401, answer.Status);
        Assert.Contains(answer.Code, (string[])["TokenInvalid", "TokenSignature"]);
    }

    [Fact]
    public async Task An_expired_token_a_token_not_yet_valid_and_one_that_never_expires_are_refused()
    {
        var world = await fixture.SharedWorldAsync();
        await UnauthorizedAsync("TokenExpired", fixture.Issuer.Token(Owner(world.Provider), lifetime: TimeSpan.FromMinutes(-5)));
        await UnauthorizedAsync("TokenInvalid", fixture.Issuer.Token(Owner(world.Provider), lifetime: TimeSpan.FromHours(9)));
        await UnauthorizedAsync("TokenInvalid", fixture.Issuer.Token(Owner(world.Provider), lifetime: Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task An_unsigned_token_is_refused_whatever_it_claims()
    {
        var world = await fixture.SharedWorldAsync();
        var payload = fixture.Issuer.Token(Owner(world.Provider)).Split('.')[1];
        await UnauthorizedAsync("TokenSignature", $"{Base64Url("""{"alg":"none","typ":"JWT"}""")}.{payload}.");
    }

    [Fact]
    public async Task A_token_signed_otherwise_than_by_the_issuers_key_is_refused()
    {
        var world = await fixture.SharedWorldAsync();
        var secret = new SymmetricSecurityKey(SHA256.HashData(Encoding.UTF8.GetBytes("a shared secret"))) { KeyId = "test" };
        await UnauthorizedAsync("TokenSignature", fixture.Issuer.Token(Owner(world.Provider), credentials: new SigningCredentials(secret, SecurityAlgorithms.HmacSha256)));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await UnauthorizedAsync("TokenSignature", fixture.Issuer.Token(Owner(world.Provider), credentials: new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = "test" }, SecurityAlgorithms.EcdsaSha256)));
        await UnauthorizedAsync("TokenSignature", fixture.Issuer.Token(Owner(world.Provider), credentials: new SigningCredentials(new ECDsaSecurityKey(other) { KeyId = "another" }, SecurityAlgorithms.EcdsaSha256)));
    }

    [Fact]
    public async Task A_signed_token_whose_claims_were_changed_is_refused()
    {
        var world = await fixture.SharedWorldAsync();
        var (mine, theirs) = (fixture.Issuer.Token(Owner(world.Provider)).Split('.'), fixture.Issuer.Token(Owner(world.Consumer)).Split('.'));
        await UnauthorizedAsync("TokenSignature", $"{mine[0]}.{theirs[1]}.{mine[2]}");
    }

    [Fact]
    public async Task A_token_for_another_audience_or_from_another_issuer_is_refused()
    {
        var world = await fixture.SharedWorldAsync();
        await UnauthorizedAsync("TokenAudience", fixture.Issuer.Token(Owner(world.Provider), audience: "another-api"));
        await UnauthorizedAsync("TokenIssuer", fixture.Issuer.Token(Owner(world.Provider), issuer: "https://issuer.example"));
    }

    public static TheoryData<string, string, string?, string?> Claims => new()
    {
        { "no tenant", "TenantMissing", null, "owner" },
        { "a tenant that is no account", "TenantMissing", "provider", "owner" },
        { "no role", "RoleMissing", "100000000001", null },
        { "a role nobody knows", "RoleMissing", "100000000001", "emperor" },
        { "an account that is not registered", "AccountNotRegistered", "999999999999", "owner" },
        { "a platform operator's role", "RoleNotPermitted", "100000000001", "platform-operator" },
        { "an agent's role", "RoleNotPermitted", "100000000001", "agent" },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task A_token_does_not_act_for_a_tenant_with(string what, string code, string? tenant, string? role)
    {
        fixture.NewWorld();
        var claims = new Dictionary<string, object>();
        if (tenant is not null) claims["tenant"] = tenant;
        if (role is not null) claims["role"] = role;
        await fixture.RefusedAsync(403, code, () => fixture.As(fixture.Issuer.Token(claims)).PostAsync("/v1/vpcs", AVpc));
        Assert.True((await fixture.As(fixture.Issuer.Token(claims)).GetAsync("/v1/vpcs")).Status == 403, what);
    }

    [Fact]
    public async Task A_viewer_looks_and_changes_nothing_and_an_operator_does_both()
    {
        var world = await fixture.SharedWorldAsync();
        var viewer = fixture.Tenant(world.Provider, "viewer");
        (await viewer.GetAsync($"/v1/vpcs/{world.ProviderVpc}")).Expect(200);
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => viewer.PostAsync("/v1/vpcs", AVpc));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => viewer.PatchAsync($"/v1/vpcs/{world.ProviderVpc}", new { enableDnsSupport = false }));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => viewer.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}"));
        (await fixture.Tenant(world.Provider, "operator").PostAsync("/v1/vpcs", AVpc)).Expect(201);
    }

    [Fact]
    public async Task A_tenants_token_opens_neither_agents_nor_operators_routes()
    {
        var world = await fixture.SharedWorldAsync();
        var zone = world.Zones[0];
        Assert.Contains("Use a token", (await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.GetAsync($"/v1/zones/{zone}/plan")))["detail"], StringComparison.Ordinal);
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.PostAsync($"/v1/zones/{zone}/reports", Report));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.PostAsync("/v1/regions", new { region = "eu-west-1" }));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.PostAsync("/v1/regions/us-east-1/zones", new { zoneId = "use1-az9" }));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.PostAsync("/v1/tenants", new { account = "300000000000", name = "me" }));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.GetAsync($"/v1/tenants/{world.Consumer}"));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => world.AsProvider.PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = "db.example.com" }));
    }

    [Fact]
    public async Task An_agents_token_opens_its_own_zone_and_no_other_route()
    {
        var world = await fixture.SharedWorldAsync();
        var agent = fixture.Agent(world.Zones[0]);
        await Unwritten.SettledAsync(fixture);
        (await agent.GetAsync($"/v1/zones/{world.Zones[0]}/plan")).Expect(200);
        await fixture.RefusedAsync(404, "InvalidZone.NotFound", () => agent.GetAsync($"/v1/zones/{world.Zones[1]}/plan"));
        await fixture.RefusedAsync(404, "InvalidZone.NotFound", () => agent.PostAsync($"/v1/zones/{world.Zones[1]}/reports", Report));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => agent.PostAsync("/v1/tenants", new { account = "300000000000", name = "me" }));
        await fixture.RefusedAsync(403, "RoleNotPermitted", () => agent.GetAsync("/v1/vpcs"));
        await fixture.RefusedAsync(404, "InvalidZone.NotFound", () => fixture.As(fixture.Issuer.Token(new() { ["role"] = "agent" })).GetAsync($"/v1/zones/{world.Zones[0]}/plan"));
    }

    [Fact]
    public async Task Another_zone_and_one_that_is_not_there_answer_an_agent_with_the_same_bytes()
    {
        var world = await fixture.SharedWorldAsync();
        var agent = fixture.Agent(world.Zones[0]);
        Assert.Equal(await agent.GetAsync("/v1/zones/use1-az77/plan"), await agent.GetAsync($"/v1/zones/{world.Zones[1]}/plan"));
    }

    [Fact]
    public async Task An_authority_that_is_away_is_our_trouble_and_not_the_callers()
    {
        var world = await fixture.SharedWorldAsync();
        var (app, url) = await fixture.StartAsync(("Auth:Authority", "http://127.0.0.1:1"));
        await using (app)
        {
            (await fixture.As(fixture.Issuer.Tenant(world.Provider), url).GetAsync("/v1/vpcs")).ExpectProblem(503, "AuthorityUnavailable");
            await app.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    private static object Report => new { agentId = "a", epoch = "none", revision = 0, leaseSeconds = 30 };
    private static string Base64Url(string text) => Base64UrlEncoder.Encode(text);
}
