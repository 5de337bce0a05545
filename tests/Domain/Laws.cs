using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Tenants;
using PrivateLinkCloud.Domain.Topics;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>Every decider under one shape: (state, command) → decision; and the story that starts from nothing.</summary>
internal static class Laws
{
    public static Story<Region> Regions { get; } = new(RegionDecider.Decide, null);
    public static Story<Tenant> Tenants { get; } = new((s, c) => TenantDecider.Register(s, (RegisterTenant)c), null);
    public static Story<EndpointService> Services { get; } = new(EndpointServiceDecider.Decide, null);
    public static Story<InterfaceEndpoint> Endpoints { get; } = new(InterfaceEndpointDecider.Decide, null);

    public static Story<Vpc> Vpcs { get; } = new((s, command) => command switch
    {
        CreateVpc c => VpcDecider.Create(s, c),
        CreateSubnet c => VpcDecider.CreateSubnet(s!, c),
        DeleteSubnet c => VpcDecider.DeleteSubnet(s!, c),
        SetVpcDnsAttributes c => VpcDecider.SetDnsAttributes(s!, c),
        DeleteVpc c => VpcDecider.Delete(s!, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    }, null);

    public static Story<TargetGroup> TargetGroups { get; } = new((s, command) => command switch
    {
        CreateTargetGroup c => TargetGroupDecider.Create(s, c),
        RegisterTargets c => TargetGroupDecider.Register(s!, c),
        DeregisterTargets c => TargetGroupDecider.Deregister(s!, c),
        DeleteTargetGroup c => TargetGroupDecider.Delete(s!, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    }, null);

    public static Story<LoadBalancer> LoadBalancers { get; } = new((s, command) => command switch
    {
        CreateLoadBalancer c => LoadBalancerDecider.Create(s, c),
        CreateListener c => LoadBalancerDecider.CreateListener(s!, c),
        DeleteListener c => LoadBalancerDecider.DeleteListener(s!, c),
        SetCrossZone c => LoadBalancerDecider.SetCrossZone(s!, c),
        DeleteLoadBalancer c => LoadBalancerDecider.Delete(s!, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    }, null);

    public static Story<Topic> Topics { get; } = new((s, command) => command switch
    {
        CreateTopic c => TopicDecider.Create(s, c),
        Subscribe c => TopicDecider.Subscribe(s!, c),
        Unsubscribe c => TopicDecider.Unsubscribe(s!, c),
        DeleteTopic c => TopicDecider.Delete(s!, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    }, null);

    public static Story<ConnectionNotification> Notifications { get; } = new((s, command) => command switch
    {
        CreateConnectionNotification c => ConnectionNotificationDecider.Create(s, c),
        DeleteConnectionNotification c => ConnectionNotificationDecider.Delete(s!, c),
        _ => throw new ArgumentOutOfRangeException(nameof(command)),
    }, null);
}
