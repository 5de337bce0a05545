using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.Topics;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>Rules §2.3.</summary>
public sealed class ConnectionNotificationTests
{
    private const string Id = "vpce-nfn-0123456789abcdef0";
    private const string TopicArn = "arn:aws:sns:us-east-1:111111111111:connections";
    private static readonly CreateConnectionNotification Create = new(Id, Provider, ServiceId, null, TopicArn, [ConnectionEvent.Reject, ConnectionEvent.Accept, ConnectionEvent.Accept], Now);
    private static readonly ConnectionNotificationCreated Created = new(Id, Provider, ServiceId, null, TopicArn, [ConnectionEvent.Accept, ConnectionEvent.Reject], Now);

    [Fact]
    public void A_notification_names_each_event_once_and_claims_the_use_of_its_topic() =>
        Laws.Notifications.When(Create).Then(Created).Claiming((TopicDecider.UseScope(TopicArn), Id, Id));

    [Fact]
    public void A_notification_may_be_about_one_endpoint() =>
        Laws.Notifications.When(Create with { ServiceId = null, EndpointId = EndpointId }).Then(Created with { ServiceId = null, EndpointId = EndpointId });

    [Theory]
    [InlineData(null, null)]
    [InlineData(ServiceId, EndpointId)]
    public void A_notification_is_about_a_service_or_an_endpoint_not_both_nor_neither(string? service, string? endpoint) =>
        Laws.Notifications.When(Create with { ServiceId = service, EndpointId = endpoint }).ThenRefused("InvalidNotificationSubject");

    [Fact]
    public void A_notification_names_at_least_one_event() => Laws.Notifications.When(Create with { Events = [] }).ThenRefused("MissingConnectionEvents");

    [Fact]
    public void The_events_are_the_vendors_four() => Assert.Equal(["Accept", "Connect", "Delete", "Reject"], Enum.GetNames<ConnectionEvent>());

    [Fact]
    public void An_id_is_never_used_twice() => Laws.Notifications.Given(Created).When(Create).ThenRefused("InvalidConnectionNotificationId.Exists", RejectionKind.Conflict);

    [Fact]
    public void Deleting_gives_the_topic_up() =>
        Laws.Notifications.Given(Created).When(new DeleteConnectionNotification(Now)).Then(new ConnectionNotificationDeleted(Id, Now)).Releasing((TopicDecider.UseScope(TopicArn), null, Id));
}
