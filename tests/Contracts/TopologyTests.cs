namespace PrivateLinkCloud.Contracts.Tests;

/// <summary>Names that two processes declare alike: changing one of them splits a running installation.</summary>
public sealed class TopologyTests
{
    [Fact]
    public void The_broker_names_and_plan_keys_never_change()
    {
        Assert.Equal(("direct", false, false), (DoorbellTopology.ExchangeType, DoorbellTopology.Durable, DoorbellTopology.AutoDelete));
        Assert.Equal("due-notifications", DueNotification.Queue);
        Assert.Equal("network/vpc-1", PlanKeys.Network("vpc-1"));
        Assert.Equal("door/eni-1", PlanKeys.Door("eni-1"));
        Assert.Equal("node/lb/use1-az1", PlanKeys.Node("lb", "use1-az1"));
        Assert.Equal("targetGroup/tg", PlanKeys.TargetGroup("tg"));
        Assert.Equal("name/vpc-1/db.example.com", PlanKeys.Name("vpc-1", "db.example.com"));
    }
}
