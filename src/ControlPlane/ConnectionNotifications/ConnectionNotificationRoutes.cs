using Marten;
using PrivateLinkCloud.ControlPlane.EndpointServices;
using PrivateLinkCloud.ControlPlane.InterfaceEndpoints;
using PrivateLinkCloud.ControlPlane.Platform;
using PrivateLinkCloud.Domain;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.Topics;

namespace PrivateLinkCloud.ControlPlane.ConnectionNotifications;

/// <summary>Connection notifications over HTTP: of a service (the provider's) or of an endpoint (the consumer's), to a topic of the same account.</summary>
public static class ConnectionNotificationRoutes
{
    public sealed record CreateConnectionNotificationBody(string TopicArn, IReadOnlyList<ConnectionEvent> Events, string? ServiceId = null, string? EndpointId = null);
    public sealed record ConnectionNotificationShape(string Id, string? ServiceId, string? EndpointId, string TopicArn, IReadOnlyList<ConnectionEvent> Events, string State);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var notifications = routes.MapGroup("/v1/connection-notifications").ForTenants("connection notifications");
        notifications.MapPost("/", CreateAsync).WithName("CreateConnectionNotification").WithSummary("Be told of accept, connect, delete, reject").Produces<ConnectionNotificationShape>(201);
        notifications.MapGet("/", ListAsync).WithName("ListConnectionNotifications").WithSummary("The account's notifications").Produces<ItemList<ConnectionNotificationShape>>();
        notifications.MapGet("/{notificationId}", GetAsync).WithName("GetConnectionNotification").WithSummary("One notification").Produces<ConnectionNotificationShape>();
        notifications.MapDelete("/{notificationId}", DeleteAsync).WithName("DeleteConnectionNotification").WithSummary("Stop being told").Produces(204);
    }

    private static async Task<IResult> CreateAsync(CreateConnectionNotificationBody body, Caller caller, HttpContext http, Api api, IDocumentStore store, EndpointServiceQueries services, InterfaceEndpointQueries endpoints, TimeProvider time)
    {
        var ct = http.RequestAborted;
        if (body.ServiceId is { } serviceId && await services.OwnAsync(caller.Account, serviceId, ct) is null) return Problems.From(Rejection.NotFound("InvalidVpcEndpointServiceId.NotFound", "endpoint service", serviceId));
        if (body.EndpointId is { } endpointId && await endpoints.OfConsumerAsync(caller.Account, endpointId, ct) is null) return Problems.From(InterfaceEndpointDecider.NotFound(endpointId));
        await using var session = store.QuerySession(caller.Account);
        if (await session.LoadAsync<Topic>(body.TopicArn, ct) is not { Deleted: false }) return Problems.From(Rejection.NotFound("TopicNotFound", "topic", body.TopicArn));
        var notificationId = Ids.New("vpce-nfn");
        return await api.HandleAsync<ConnectionNotification>(http, notificationId, nameof(CreateConnectionNotification), notification => Task.FromResult(ConnectionNotificationDecider.Create(notification,
            new CreateConnectionNotification(notificationId, caller.Account, body.ServiceId, body.EndpointId, body.TopicArn, body.Events, time.GetUtcNow()))), Shape, 201);
    }

    private static async Task<IResult> ListAsync(Caller caller, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return Api.Items((await session.Query<ConnectionNotification>().Where(n => !n.Deleted).OrderBy(n => n.Id).ToListAsync(ct)).Select(Shape));
    }

    private static async Task<IResult> GetAsync(string notificationId, Caller caller, IDocumentStore store, CancellationToken ct)
    {
        await using var session = store.QuerySession(caller.Account);
        return await session.LoadAsync<ConnectionNotification>(notificationId, ct) is { Deleted: false } notification ? Api.Item(Shape(notification)) : Problems.From(NotFound(notificationId));
    }

    private static Task<IResult> DeleteAsync(string notificationId, HttpContext http, Api api, TimeProvider time) =>
        api.DeleteAsync<ConnectionNotification>(http, notificationId, nameof(DeleteConnectionNotification), n => Task.FromResult(n is null ? NotFound(notificationId) : ConnectionNotificationDecider.Delete(n, new DeleteConnectionNotification(time.GetUtcNow()))));

    private static Rejection NotFound(string notificationId) => Rejection.NotFound("InvalidConnectionNotificationId.NotFound", "connection notification", notificationId);
    private static ConnectionNotificationShape Shape(ConnectionNotification n) => new(n.Id, n.ServiceId, n.EndpointId, n.TopicArn, n.Events, n.Deleted ? "Deleted" : "Enabled");
}
