using System.Text.RegularExpressions;
using PrivateLinkCloud.Domain.ConnectionNotifications;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.Regions;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Tenants;
using PrivateLinkCloud.Domain.Topics;
using PrivateLinkCloud.Domain.Vpcs;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>
/// Every event that can be stored, with its stored name. The name is the storage format's, independent of the C# type's: a renamed
/// class keeps its old name here. Version 1 of each is sampled in <c>migrations/events/NAME.v1.json</c>.
/// </summary>
public static partial class EventCatalog
{
    /// <summary>Types that no longer carry the name they were stored under. None yet. (Above the list that reads it: initialisers run in order.)</summary>
    private static readonly Dictionary<Type, string> Renamed = [];

    public static IReadOnlyDictionary<Type, string> StoredNames { get; } = new[]
    {
        Region.EventTypes, Tenant.EventTypes, Vpc.EventTypes, TargetGroup.EventTypes, LoadBalancer.EventTypes, EndpointService.EventTypes,
        InterfaceEndpoint.EventTypes, Topic.EventTypes, ConnectionNotification.EventTypes,
    }.SelectMany(types => types).ToDictionary(type => type, type => Renamed.GetValueOrDefault(type) ?? SnakeCase().Replace(type.Name, "_$1").ToLowerInvariant());

    [GeneratedRegex("(?<!^)([A-Z])")] private static partial Regex SnakeCase();
}
