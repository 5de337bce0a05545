namespace PrivateLinkCloud.ControlPlane.Tests.ConnectionNotifications;

/// <summary>Topics, subscriptions and notifications that cannot be.</summary>
[Collection(OneControlPlane.Name)]
public sealed class NotificationRefusalTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task A_topic_has_a_name_of_letters_digits_hyphens_and_underscores()
    {
        var world = await fixture.SharedWorldAsync();
        foreach (var name in new[] { "", "a b", "a:b", "a/b", "a\n", new string('a', 257) })
            await fixture.RefusedAsync(400, "InvalidTopicName", () => world.AsProvider.PostAsync("/v1/topics", new { name }));
    }

    [Theory]
    [InlineData("email", "ops@example.com", "InvalidProtocol")]
    [InlineData("https", "http://example.com/", "InvalidDestination")]
    [InlineData("https", "https://user:word@example.com/", "InvalidDestination")]
    [InlineData("https", "/hook", "InvalidDestination")]
    [InlineData("http", "http://example.com/#part", "InvalidDestination")]
    public async Task A_subscription_goes_to_a_plain_URL(string protocol, string destination, string code)
    {
        var world = await fixture.SharedWorldAsync();
        (await world.AsProvider.PostAsync("/v1/topics", new { name = "plain" })).Expect(201);
        await fixture.RefusedAsync(400, code, () => world.AsProvider.PostAsync("/v1/topics/plain/subscriptions", new { protocol, destination }));
    }

    [Fact]
    public async Task A_notification_is_about_one_thing_and_some_events()
    {
        var world = await fixture.SharedWorldAsync();
        var topicArn = (await world.AsProvider.PostAsync("/v1/topics", new { name = "things" })).Expect(201)["arn"];
        string[] none = [], all = ["accept"];
        await fixture.RefusedAsync(400, "InvalidNotificationSubject", () => world.AsProvider.PostAsync("/v1/connection-notifications", new { topicArn, events = all }));
        await fixture.RefusedAsync(400, "MissingConnectionEvents", () => world.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn, events = none }));
        await fixture.RefusedAsync(404, "TopicNotFound", () => world.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn = topicArn + "x", events = all }));
    }

    [Fact]
    public async Task A_topic_that_something_publishes_to_stays()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var topicArn = (await world.AsProvider.PostAsync("/v1/topics", new { name = "used" })).Expect(201)["arn"];
        var id = (await world.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn, events = new[] { "accept" } })).Expect(201)["id"];
        await fixture.RefusedAsync(409, "ResourceInUse", () => world.AsProvider.DeleteAsync("/v1/topics/used"));
        (await world.AsProvider.DeleteAsync($"/v1/connection-notifications/{id}")).Expect(204);
        (await world.AsProvider.DeleteAsync("/v1/topics/used")).Expect(204);
        (await world.AsProvider.PostAsync("/v1/topics", new { name = "used" })).Expect(201);
        (await world.AsProvider.PostAsync("/v1/connection-notifications", new { serviceId = world.ServiceId, topicArn, events = new[] { "accept" } })).Expect(201);
    }
}
