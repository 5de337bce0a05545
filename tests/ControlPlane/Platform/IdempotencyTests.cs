namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>A request repeated with its key gets the first answer, word for word, and does nothing.</summary>
[Collection(OneControlPlane.Name)]
public sealed class IdempotencyTests(ControlPlaneFixture fixture)
{
    private Task<long> EventsAsync(string tenant) => fixture.ScalarAsync<long>($"select count(*) from plc.mt_events where tenant_id = '{tenant}' and type <> 'tombstone'");

    private Task<long> RequestsAsync(World world) => fixture.ScalarAsync<long>($"select count(*) from plc.mt_events where type = 'interface_endpoint_requested' and data ->> 'consumer' = '{world.Consumer}'");

    private static Task<Answer> AskAsync(World world, string key) =>
        world.AsConsumer.PostAsync("/v1/interface-endpoints", new { vpcId = world.ConsumerVpc, serviceName = world.ServiceName, subnetIds = world.ConsumerSubnets }, key);

    [Fact]
    public async Task The_same_key_twice_gives_the_same_bytes_and_one_event()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var first = (await AskAsync(world, "once")).Expect(201);
        Assert.Equal(first, await AskAsync(world, "once"));
        Assert.Equal(1, await RequestsAsync(world));
        Assert.NotEqual(first, (await AskAsync(world, "twice")).Expect(201));
        Assert.Equal(2, await RequestsAsync(world));
    }

    [Fact]
    public async Task The_first_answer_is_given_again_also_when_the_thing_has_changed_since()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var first = (await AskAsync(world, "then")).Expect(201);
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{first["id"]}")).Expect(204);
        Assert.Equal(first, await AskAsync(world, "then"));
    }

    [Fact]
    public async Task Twenty_at_once_with_one_key_get_one_answer_and_one_event()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(world, "stampede")));
        Assert.Single(answers.Distinct()).Expect(201);
        Assert.Equal(1, await RequestsAsync(world));
    }

    [Fact]
    public async Task Twenty_at_once_whose_wish_only_one_can_have_get_its_answer_too()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var before = await EventsAsync(world.Provider);
        // A name is an account's once: nineteen of them lose the name to the first, and must not be told so.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.AsProvider.PostAsync("/v1/target-groups", new { name = "web", vpcId = world.ProviderVpc, port = 80 }, "one group")));
        Assert.Single(answers.Distinct()).Expect(201);
        Assert.Equal(before + 1, await EventsAsync(world.Provider));
    }

    [Fact]
    public async Task Twenty_at_once_with_one_key_and_two_wishes_get_the_first_ones_answer_or_are_told_of_their_mistake()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var before = await EventsAsync(world.Provider);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.AsProvider.PostAsync("/v1/vpcs", new { cidr = $"10.{i % 2}.0.0/16" }, "two wishes")));
        var won = Assert.Single(answers.Where(a => a.Status == 201).Distinct());
        Assert.Equal(10, answers.Count(a => a == won));
        Assert.All(answers.Where(a => a != won), a => a.ExpectProblem(422, "IdempotentParameterMismatch"));
        Assert.Equal(before + 1, await EventsAsync(world.Provider));
    }

    [Fact]
    public async Task A_subscriptions_secret_is_told_again_to_who_repeats_the_request_and_to_nobody_else()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        (await world.AsProvider.PostAsync("/v1/topics", new { name = "t" })).Expect(201);
        var wish = new { protocol = "https", destination = "https://example.com/" };
        var first = (await world.AsProvider.PostAsync("/v1/topics/t/subscriptions", wish, "subscribe")).Expect(201);
        Assert.StartsWith("whsec_", first["secret"], StringComparison.Ordinal);
        Assert.Equal(first, await world.AsProvider.PostAsync("/v1/topics/t/subscriptions", wish, "subscribe"));
        foreach (var path in new[] { "/v1/topics", "/v1/topics/t" }) Assert.DoesNotContain("secret", (await world.AsProvider.GetAsync(path)).Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_platform_operators_keys_are_the_platforms_also_when_the_token_names_a_tenant()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var (account, key) = ($"3{world.Provider[1..]}", $"operator {world.Provider}");
        var wish = new { account, name = "new" };
        (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }, key)).Expect(201);
        var both = fixture.As(fixture.Issuer.Token(new() { ["role"] = "platform-operator", ["tenant"] = world.Provider }));
        var first = (await both.PostAsync("/v1/tenants", wish, key)).Expect(201);
        Assert.Equal(first, await fixture.Operator().PostAsync("/v1/tenants", wish, key));
        Assert.Equal(2, await EventsAsync(account)); // registered, zones mapped
        await fixture.RefusedAsync(422, "IdempotentParameterMismatch", () => fixture.Operator().PostAsync("/v1/tenants", new { account, name = "newer" }, key));
        Assert.Equal(1, await fixture.ScalarAsync<long>($"select count(*) from app.idempotency_key where tenant = 'platform' and key = '{key}'"));
    }

    [Fact]
    public async Task Patch_and_delete_ignore_a_key_because_repeating_them_changes_nothing_more()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var vpc = (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" })).Expect(201)["id"];
        foreach (var enableDnsSupport in new[] { false, false, true }) // the third is another request
            Assert.Equal(enableDnsSupport, (bool)(await world.AsProvider.SendAsync(HttpMethod.Patch, $"/v1/vpcs/{vpc}", new { enableDnsSupport }, "same")).Expect(200).Json["enableDnsSupport"]!);
        (await world.AsProvider.SendAsync(HttpMethod.Delete, $"/v1/vpcs/{vpc}", null, "same")).Expect(204);
        Assert.Equal(0, await fixture.ScalarAsync<long>($"select count(*) from app.idempotency_key where tenant = '{world.Provider}' and key = 'same'"));
    }

    [Fact]
    public async Task A_wish_that_is_true_already_is_remembered_under_its_key_too()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        (await world.AsProvider.PostAsync("/v1/topics", new { name = "t" })).Expect(201);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.AsProvider.PostAsync("/v1/topics", new { name = "t" }, "again")));
        Assert.Single(answers.Distinct()).Expect(201);
    }

    [Fact]
    public async Task Another_request_under_a_used_key_is_a_mistake_worth_telling()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }, "k")).Expect(201);
        await fixture.RefusedAsync(422, "IdempotentParameterMismatch", () => world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.1.0.0/16" }, "k"));
        await fixture.RefusedAsync(422, "IdempotentParameterMismatch", () => world.AsProvider.PostAsync("/v1/topics", new { name = "k" }, "k"));
    }

    [Fact]
    public async Task A_refusal_is_not_kept_because_nothing_happened()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var principal = new { remove = new[] { $"arn:aws:iam::{world.Consumer}:root" } };
        (await world.AsProvider.PostAsync($"/v1/endpoint-services/{world.ServiceId}/allowed-principals", principal)).Expect(200);
        await fixture.RefusedAsync(404, "InvalidServiceName", () => AskAsync(world, "later"));
        (await world.AsProvider.PostAsync($"/v1/endpoint-services/{world.ServiceId}/allowed-principals", new { add = principal.remove })).Expect(200);
        (await AskAsync(world, "later")).Expect(201);
    }

    [Fact]
    public async Task Keys_are_each_tenants_own()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        var mine = (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }, "shared")).Expect(201);
        var theirs = (await world.AsConsumer.PostAsync("/v1/vpcs", new { cidr = "10.1.0.0/16" }, "shared")).Expect(201);
        Assert.NotEqual(mine["id"], theirs["id"]);
    }

    [Fact]
    public async Task A_key_has_at_most_255_characters()
    {
        var world = await fixture.NewWorld().NetworksAsync();
        await fixture.RefusedAsync(400, "InvalidIdempotencyKey", () => world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }, new string('k', 256)));
        (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" }, new string('k', 255))).Expect(201);
    }
}
