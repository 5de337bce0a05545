using Marten;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.Topics;

namespace PrivateLinkCloud.ControlPlane.Topics;

/// <summary>Topics and their webhook subscriptions over HTTP.</summary>
public static class TopicRoutes
{
    public sealed record CreateTopicBody(string Name);
    public sealed record SubscribeBody(string Protocol, string Destination);
    public sealed record TopicShape(string Arn, string Name, IReadOnlyList<SubscriptionShape> Subscriptions);

    /// <param name="Secret">Signs the webhooks; told in the answer to the subscription alone, which who lost it gets again with its Idempotency-Key.</param>
    public sealed record SubscriptionShape(string Id, string Arn, string Protocol, string Destination, string? Secret);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var topics = routes.MapGroup("/v1/topics").ForTenants("topics");
        topics.MapPost("/", CreateAsync).WithName("CreateTopic").WithSummary("Create a topic").Produces<TopicShape>(201);
        topics.MapGet("/", ListAsync).WithName("ListTopics").WithSummary("The account's topics").Produces<ItemList<TopicShape>>();
        topics.MapGet("/{name}", GetAsync).WithName("GetTopic").WithSummary("One topic").Produces<TopicShape>();
        topics.MapDelete("/{name}", DeleteAsync).WithName("DeleteTopic").WithSummary("Delete a topic nothing publishes to").Produces(204);
        topics.MapPost("/{name}/subscriptions", SubscribeAsync).WithName("Subscribe").WithSummary("Subscribe a webhook destination").Produces<SubscriptionShape>(201);
        topics.MapDelete("/{name}/subscriptions/{subscriptionId}", UnsubscribeAsync).WithName("Unsubscribe").WithSummary("Unsubscribe").Produces(204);
    }

    private static Task<IResult> CreateAsync(CreateTopicBody body, Caller caller, HttpContext http, Api api, PlatformSettings settings, TimeProvider time)
    {
        var arn = Arn(caller, settings, body.Name);
        return api.HandleAsync<Topic>(http, arn, nameof(CreateTopic), topic => Task.FromResult(TopicDecider.Create(topic, new CreateTopic(arn, caller.Account, body.Name, time.GetUtcNow()))), Shape, 201);
    }

    private static Task<IResult> SubscribeAsync(string name, SubscribeBody body, Caller caller, HttpContext http, Api api, PlatformSettings settings, TimeProvider time)
    {
        var (topicArn, secret) = (Arn(caller, settings, name), Ids.NewWebhookSecret());
        var arn = $"{topicArn}:{Guid.NewGuid()}";
        return api.HandleAsync<Topic>(http, topicArn, nameof(Subscribe), topic => Task.FromResult(topic is not { Deleted: false } ? NotFound(name)
            : TopicDecider.Subscribe(topic, new Subscribe(arn, body.Protocol, body.Destination, secret, time.GetUtcNow()))), topic => Shape(topic.Subscriptions.Single(s => s.Arn == arn), secret), 201);
    }

    private static Task<IResult> UnsubscribeAsync(string name, string subscriptionId, Caller caller, HttpContext http, Api api, PlatformSettings settings, TimeProvider time)
    {
        var arn = Arn(caller, settings, name);
        return api.DeleteAsync<Topic>(http, arn, nameof(Unsubscribe), topic => Task.FromResult(topic is not { Deleted: false } ? NotFound(name) : TopicDecider.Unsubscribe(topic, new Unsubscribe($"{arn}:{subscriptionId}", time.GetUtcNow()))));
    }

    private static Task<IResult> DeleteAsync(string name, Caller caller, HttpContext http, Api api, PlatformSettings settings, TimeProvider time) =>
        api.DeleteAsync<Topic>(http, Arn(caller, settings, name), nameof(DeleteTopic), topic => Task.FromResult(topic is null ? NotFound(name) : TopicDecider.Delete(topic, new DeleteTopic(time.GetUtcNow()))));

    private static async Task<IResult> ListAsync(Caller caller, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return Api.Items((await session.Query<Topic>().Where(t => !t.Deleted).OrderBy(t => t.Name).ToListAsync(ct)).Select(Shape));
    }

    private static async Task<IResult> GetAsync(string name, Caller caller, IDocumentStore store, PlatformSettings settings, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return await session.LoadAsync<Topic>(Arn(caller, settings, name), ct) is { Deleted: false } topic ? Api.Item(Shape(topic)) : Problems.From(NotFound(name));
    }

    private static string Arn(Caller caller, PlatformSettings settings, string name) => settings.Naming.TopicArn(settings.Region, caller.Account, name);
    private static Rejection NotFound(string name) => Rejection.NotFound("TopicNotFound", "topic", name);
    private static TopicShape Shape(Topic topic) => new(topic.Id, topic.Name, [.. topic.Subscriptions.Select(s => Shape(s, null))]);
    private static SubscriptionShape Shape(TopicSubscription s, string? secret) => new(s.Arn[(s.Arn.LastIndexOf(':') + 1)..], s.Arn, s.Protocol, s.Destination, secret);
}
