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
