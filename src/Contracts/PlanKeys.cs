namespace PrivateLinkCloud.Contracts;

/// <summary>How plan entries are named. The part before the first slash is the kind.</summary>
public static class PlanKeys
{
    public static string Network(string vpcId) => $"network/{vpcId}";
    public static string Door(string networkInterfaceId) => $"door/{networkInterfaceId}";
    public static string Node(string loadBalancerId, string zoneId) => $"node/{loadBalancerId}/{zoneId}";
    public static string TargetGroup(string targetGroupId) => $"targetGroup/{targetGroupId}";
    public static string Name(string vpcId, string name) => $"name/{vpcId}/{name}";
}
