namespace PrivateLinkCloud.Contracts.Tests;

/// <summary>What makes a plan fit to publish and fit to apply: one broken thing at a time, and the sentence that names it.</summary>
public sealed class PlanIntegrityTests
{
    [Fact]
    public void A_whole_plan_has_no_fault_and_an_empty_one_neither()
    {
        Assert.Empty(PlanIntegrity.Faults(Samples.Zone, [.. Samples.Entries]));
        Assert.Empty(PlanIntegrity.Faults(Samples.Zone, []));
    }

    public static TheoryData<string, PlanEntry[], string> Broken() => new()
    {
        { "the door's network is missing", Without(Samples.ConsumerNetwork), "door/eni-1: points to network/vpc-b, which the plan does not hold" },
        { "the node's network is missing", Without(Samples.ProviderNetwork), "node/50dc6c495c0c9188/use1-az1: points to network/vpc-a, which the plan does not hold" },
        { "the node is missing", Without(Samples.Node), "door/eni-1: points to node/50dc6c495c0c9188/use1-az1, which the plan does not hold" },
        { "the target group is missing", Without(Samples.Group), "node/50dc6c495c0c9188/use1-az1: points to targetGroup/73e2d6bc24d8a067, which the plan does not hold" },
        { "a named door is missing", Without(Samples.DrainingDoorElsewhere), "name/vpc-b/db.example.com: points to door/eni-2, which the plan does not hold" },
        { "a key twice", [.. Samples.Entries, Samples.Group], "targetGroup/73e2d6bc24d8a067: twice in the plan" },
        { "an address twice in one network", With(Samples.DrainingDoorElsewhere, Samples.DrainingDoorElsewhere with { Address = Samples.Door.Address }), "door/eni-2: 10.0.1.10 belongs to another entry of vpc-b" },
        { "a door's address malformed", With(Samples.Door, Samples.Door with { Address = "10.1" }), "door/eni-1: '10.1' is not an IPv4 address" },
        { "a node's address of version 6", With(Samples.Node, Samples.Node with { Address = "fd00::1" }), "node/50dc6c495c0c9188/use1-az1: 'fd00::1' is not an IPv4 address" },
        { "a target by name", With(Samples.Group, Samples.Group with { Targets = [new PlanTarget("web.example.com", 80, Samples.Zone)] }), "targetGroup/73e2d6bc24d8a067: 'web.example.com' is not an IPv4 address" },
        { "a target's port 0", With(Samples.Group, Samples.Group with { Targets = [new PlanTarget("10.0.1.9", 0, Samples.Zone)] }), "targetGroup/73e2d6bc24d8a067: port 0 is not in 1-65535" },
        { "a listener's port too high", With(Samples.Node, Samples.Node with { Listeners = [new NodeListener(65536, Samples.Group.Key)] }), "node/50dc6c495c0c9188/use1-az1: port 65536 is not in 1-65535" },
        { "a probe port negative", With(Samples.Door, Samples.Door with { ProbePort = -1 }), "door/eni-1: port -1 is not in 1-65535" },
        { "a network's host bits set", With(Samples.ConsumerNetwork, Samples.ConsumerNetwork with { Cidr = "10.0.0.1/16" }), "network/vpc-b: '10.0.0.1/16' is not an IPv4 CIDR of /28 or wider whose host bits are zero" },
        { "a network's range malformed", With(Samples.ConsumerNetwork, Samples.ConsumerNetwork with { Cidr = "10.0.0.0" }), "network/vpc-b: '10.0.0.0' is not an IPv4 CIDR of /28 or wider whose host bits are zero" },
        { "a network without room for a probe source", With(Samples.ConsumerNetwork, Samples.ConsumerNetwork with { Cidr = "10.0.0.0/30" }), "network/vpc-b: '10.0.0.0/30' is not an IPv4 CIDR of /28 or wider whose host bits are zero" },
        { "a network that would be a path", With(Samples.ConsumerNetwork, Samples.ConsumerNetwork with { VpcId = "../vpc-b", Key = "network/../vpc-b" }), "network/../vpc-b: a VPC id is 1-64 letters, digits, '-' and '_' (it names a namespace and a directory)" },
        { "a door at the resolver's address", With(Samples.DrainingDoorElsewhere, Samples.DrainingDoorElsewhere with { Address = "10.0.0.2" }), "door/eni-2: 10.0.0.2 belongs to another entry of vpc-b" },
        { "a health check without pause", With(Samples.Group, Samples.Group with { HealthCheck = new TargetHealthCheck(IntervalSeconds: 0) }), "targetGroup/73e2d6bc24d8a067: intervalSeconds must be 0.01 to 3600" },
        { "a listener without idle time", With(Samples.Node, Samples.Node with { Listeners = [new NodeListener(443, Samples.Group.Key, 0)] }), "node/50dc6c495c0c9188/use1-az1: idleTimeoutSeconds must be 1 to 6000" },
        { "a health check in a hundred years", With(Samples.Group, Samples.Group with { HealthCheck = new TargetHealthCheck(IntervalSeconds: 3.2e9) }), "targetGroup/73e2d6bc24d8a067: intervalSeconds must be 0.01 to 3600" },
        { "a health check that waits for ever", With(Samples.Group, Samples.Group with { HealthCheck = new TargetHealthCheck(TimeoutSeconds: double.PositiveInfinity) }), "targetGroup/73e2d6bc24d8a067: timeoutSeconds must be 0.01 to 3600" },
        { "a threshold nobody reaches", With(Samples.Group, Samples.Group with { HealthCheck = new TargetHealthCheck(UnhealthyThreshold: int.MaxValue) }), "targetGroup/73e2d6bc24d8a067: unhealthyThreshold must be 1 to 100" },
        { "a listener that is idle for days", With(Samples.Node, Samples.Node with { Listeners = [new NodeListener(443, Samples.Group.Key, 6001)] }), "node/50dc6c495c0c9188/use1-az1: idleTimeoutSeconds must be 1 to 6000" },
        { "a name that points to a node", With(Samples.Name, Samples.Name with { DoorKeys = [Samples.Node.Key] }), "name/vpc-b/db.example.com: points to 'node/50dc6c495c0c9188/use1-az1' where the key of a door should be" },
        { "a door that points to a network", With(Samples.Door, Samples.Door with { NodeKey = Samples.ProviderNetwork.Key }), "door/eni-1: points to 'network/vpc-a' where the key of a node should be" },
        { "a listener that points to a door", With(Samples.Node, Samples.Node with { Listeners = [new NodeListener(443, Samples.Door.Key)] }), "node/50dc6c495c0c9188/use1-az1: points to 'door/eni-1' where the key of a targetGroup should be" },
        { "a name that may not be kept", With(Samples.Name, Samples.Name with { TtlSeconds = -1 }), "name/vpc-b/db.example.com: ttlSeconds must be 1 to 86400" },
        { "a network's key misspelt", With(Samples.ConsumerNetwork, Samples.ConsumerNetwork with { Key = "net/vpc-b" }), "net/vpc-b: the key should be network/vpc-b" },
        { "a door's key of another interface", With(Samples.Door, Samples.Door with { Key = "door/eni-9" }), "door/eni-9: the key should be door/eni-1" },
        { "a node's key of another zone", With(Samples.Node, Samples.Node with { ZoneId = "use1-az9" }), "node/50dc6c495c0c9188/use1-az1: the key should be node/<load balancer>/<zone>" },
        { "a target group's key misspelt", With(Samples.Group, Samples.Group with { Key = "tg/1" }), "tg/1: the key should be targetGroup/<id>" },
        { "a name's key of another name", With(Samples.Name, Samples.Name with { Name = "other.example.com" }), "name/vpc-b/db.example.com: the key should be name/vpc-b/other.example.com" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void Each_fault_is_found_and_named(string what, PlanEntry[] entries, string sentence)
    {
        Assert.NotEmpty(what);
        Assert.Contains(sentence, PlanIntegrity.Faults(Samples.Zone, entries));
    }

    [Fact]
    public void Two_networks_may_have_the_same_addresses() =>
        Assert.Empty(PlanIntegrity.Faults(Samples.Zone,
        [
            .. Samples.Entries, new NetworkEntry { Key = "network/vpc-c", VpcId = "vpc-c", Cidr = "10.0.0.0/16" },
            Samples.Door with { Key = "door/eni-3", NetworkInterfaceId = "eni-3", VpcId = "vpc-c" },
        ]));

    [Fact]
    public void A_door_of_another_zone_needs_no_node_here() =>
        Assert.Equal(["network/vpc-b"], PlanIntegrity.References(Samples.DrainingDoorElsewhere, Samples.Zone));

    private static PlanEntry[] Without(PlanEntry entry) => [.. Samples.Entries.Where(e => e.Key != entry.Key)];
    private static PlanEntry[] With(PlanEntry old, PlanEntry changed) => [.. Samples.Entries.Select(e => e.Key == old.Key ? changed : e)];
}
