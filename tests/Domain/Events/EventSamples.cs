using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Tenants;
using PrivateLinkCloud.Domain.Topics;
using PrivateLinkCloud.Domain.Vpcs;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>One representative instance of every event that can be stored, every field filled.</summary>
internal static class EventSamples
{
    private const string Subnet = "subnet-0000000000000b001";
    private const string Topic = "arn:aws:sns:us-east-1:111111111111:connections";
    private const string Notification = "vpce-nfn-0123456789abcdef0";
    private static readonly DateTimeOffset At = new(2026, 11, 23, 12, 34, 56, 789, TimeSpan.Zero);
    private static readonly RegisteredTarget[] Targets = [new("10.0.1.9", 8080, ZoneA), new("192.168.7.1", 8081, ZoneB)];

    /// <summary>Every event type of the domain, as the aggregates list them.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. Region.EventTypes, .. Tenant.EventTypes, .. Vpc.EventTypes, .. TargetGroup.EventTypes, .. LoadBalancer.EventTypes, .. EndpointService.EventTypes,
        .. InterfaceEndpoint.EventTypes, .. Domain.Topics.Topic.EventTypes, .. ConnectionNotification.EventTypes,
    ];

    public static IReadOnlyList<object> All { get; } =
    [
        new RegionOpened(RegionId, At), new ZoneOpened(RegionId, ZoneA, At),
        new TenantRegistered(Consumer, "Consumer Inc.", At), new TenantZonesMapped(Consumer, RegionId, new Dictionary<string, string> { [ZoneB] = "a", [ZoneA] = "b" }, At),
        new VpcCreated(ConsumerVpcId, Consumer, RegionId, "10.0.0.0/16", At), new SubnetCreated(ConsumerVpcId, Subnet, "10.0.1.0/24", ZoneA, At), new SubnetDeleted(ConsumerVpcId, Subnet, At),
        new VpcDnsAttributesSet(ConsumerVpcId, true, false, At), new VpcDeleted(ConsumerVpcId, At),
        new TargetGroupCreated(Group.Id, Group.Arn, Provider, ProviderVpcId, "web", 8080, new HealthCheckSettings(7.5, 2.5, 3, 4), At),
        new TargetsRegistered(Group.Id, Targets, At), new TargetsDeregistered(Group.Id, Targets, At), new TargetGroupDeleted(Group.Id, At),
        new LoadBalancerCreated(Balancer.Id, Balancer.Arn, Provider, ProviderVpcId, "nlb10", true, Balancer.Nodes, At), new ListenerCreated(Balancer.Id, 443, Group.Arn, 350, At),
        new ListenerDeleted(Balancer.Id, 443, At), new CrossZoneSet(Balancer.Id, true, At), new LoadBalancerDeleted(Balancer.Id, At),
        new EndpointServiceCreated(ServiceId, ServiceName, Provider, RegionId, [Balancer.Arn], true, At), new EndpointServiceAcceptanceSet(ServiceId, true, At),
        new EndpointServiceLoadBalancersSet(ServiceId, [Balancer.Arn, SecondBalancer.Arn], At), new EndpointServicePrincipalsAllowed(ServiceId, ["arn:aws:iam::222222222222:root"], At),
        new EndpointServicePrincipalsRemoved(ServiceId, ["*"], At), new EndpointServicePrivateDnsNameSet(ServiceId, PrivateName, At),
        new EndpointServicePrivateDnsNameConfirmed(ServiceId, PrivateName, "platform", At), new EndpointServiceDeleted(ServiceId, At),
        EndpointStates.Requested, new EndpointConnectionAccepted(EndpointId, Provider, Doors.ToDictionary(d => d.NetworkInterfaceId, _ => Balancer.Id), At, At, At),
        new EndpointConnectionRejected(EndpointId, Provider, At), new EndpointRequestExpired(EndpointId, At), new EndpointPrivateDnsEnabled(EndpointId, Consumer, PrivateName, At, At, At),
        new EndpointPrivateDnsDisabled(EndpointId, Consumer, At, At, At), new EndpointZoneDeployed(EndpointId, ZoneA, "agent-1", 4711, At), new EndpointZoneLost(EndpointId, ZoneA, At, At),
        new EndpointBecameAvailable(EndpointId, At), new EndpointBecamePartial(EndpointId, [ZoneB], At), new EndpointFailed(EndpointId, "No zone agent has reported the endpoint as deployed.", At),
        new InterfaceEndpointDeleteRequested(EndpointId, Consumer, At, At, At), new EndpointDrained(EndpointId, At), new EndpointZoneWithdrawn(EndpointId, ZoneA, At), new InterfaceEndpointDeleted(EndpointId, At),
        new TopicCreated(Topic, Provider, "connections", At), new TopicSubscribed(Topic, Topic + ":1", "https", "https://hooks.example.com/plc", "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", At),
        new TopicUnsubscribed(Topic, Topic + ":1", At), new TopicDeleted(Topic, At),
        new ConnectionNotificationCreated(Notification, Provider, ServiceId, null, Topic, [ConnectionEvent.Accept, ConnectionEvent.Connect, ConnectionEvent.Delete, ConnectionEvent.Reject], At),
        new ConnectionNotificationDeleted(Notification, At),
    ];
}
