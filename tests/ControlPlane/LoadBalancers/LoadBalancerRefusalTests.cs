namespace PrivateLinkCloud.ControlPlane.Tests.LoadBalancers;

/// <summary>Target groups, targets, load balancers and listeners that cannot be.</summary>
[Collection(OneControlPlane.Name)]
public sealed class LoadBalancerRefusalTests(ControlPlaneFixture fixture)
{
    private async Task RefusedAsync(int status, string code, string path, Func<World, object> body)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(status, code, () => world.AsProvider.PostAsync(path.Replace("TG", world.TargetGroup, StringComparison.Ordinal).Replace("LB", world.LoadBalancerId, StringComparison.Ordinal), body(world)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public async Task A_port_is_between_1_and_65535(int port)
    {
        await RefusedAsync(400, "InvalidPort", "/v1/target-groups", w => new { name = "other", vpcId = w.ProviderVpc, port });
        await RefusedAsync(400, "InvalidPort", "/v1/target-groups/TG/register-targets", _ => new { targets = new[] { new { address = "10.0.1.9", port } } });
        await RefusedAsync(400, "InvalidPort", "/v1/load-balancers/LB/listeners", w => new { port, targetGroupArn = w.TargetGroupArn });
    }

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("169.254.169.254")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("2001:db8::1")]
    [InlineData("10.0.1")]
    [InlineData("167772417")]
    [InlineData("web.example.com")]
    [InlineData("10.0.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("")]
    public async Task A_target_has_a_private_address_in_a_subnet_of_the_VPC_or_a_zone_it_counts_for(string address) =>
        await RefusedAsync(400, "InvalidTarget", "/v1/target-groups/TG/register-targets", _ => new { targets = new[] { new { address = "10.0.1.9" }, new { address } } });

    [Fact]
    public async Task A_zone_the_account_does_not_have_is_named_and_not_asked_for_once_more()
    {
        var world = await fixture.SharedWorldAsync();
        var answer = await fixture.RefusedAsync(400, "InvalidParameterValue.AvailabilityZone", () => world.AsProvider.PostAsync($"/v1/target-groups/{world.TargetGroup}/register-targets", new { targets = new[] { new { address = "192.168.1.1", availabilityZone = "us-east-1z" } } }));
        Assert.Contains("no zone 'us-east-1z'", answer["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-web")]
    [InlineData("web-")]
    [InlineData("we b")]
    [InlineData("")]
    [InlineData("a123456789a123456789a123456789abc")]
    public async Task A_name_has_1_to_32_letters_digits_and_inner_hyphens(string name)
    {
        await RefusedAsync(400, "InvalidTargetGroupName", "/v1/target-groups", w => new { name, vpcId = w.ProviderVpc, port = 80 });
        await RefusedAsync(400, "InvalidLoadBalancerName", "/v1/load-balancers", w => new { name, subnetIds = w.ProviderSubnets });
    }

    [Fact]
    public async Task A_name_is_an_accounts_once()
    {
        await RefusedAsync(409, "DuplicateTargetGroupName", "/v1/target-groups", w => new { name = "web", vpcId = w.ProviderVpc, port = 80 });
        await RefusedAsync(409, "DuplicateLoadBalancerName", "/v1/load-balancers", w => new { name = "front", subnetIds = w.ProviderSubnets });
    }

    [Theory]
    [InlineData(0.5, 1, 2)]
    [InlineData(301, 1, 2)]
    [InlineData(5, 0.5, 2)]
    [InlineData(5, 121, 2)]
    [InlineData(5, 2, 1)]
    [InlineData(5, 2, 11)]
    public async Task A_health_check_keeps_to_the_fields_limits(double interval, double timeout, int threshold) =>
        await RefusedAsync(400, "InvalidHealthCheck", "/v1/target-groups", w => new { name = "other", vpcId = w.ProviderVpc, port = 80, healthCheck = new { intervalSeconds = interval, timeoutSeconds = timeout, healthyThreshold = threshold } });

    [Fact]
    public async Task A_load_balancer_has_one_subnet_per_zone_and_all_in_one_VPC()
    {
        await RefusedAsync(400, "InvalidSubnet", "/v1/load-balancers", _ => new { name = "other", subnetIds = Array.Empty<string>() });
        var world = await fixture.NewWorld().NetworksAsync();
        var zone = (await world.AsProvider.GetAsync($"/v1/subnets/{world.ProviderSubnets[0]}"))["availabilityZone"];
        var twin = (await world.AsProvider.PostAsync("/v1/subnets", new { vpcId = world.ProviderVpc, cidr = "10.0.9.0/24", availabilityZone = zone })).Expect(201)["id"];
        await fixture.RefusedAsync(400, "DuplicateSubnetsInSameZone", () => world.AsProvider.PostAsync("/v1/load-balancers", new { name = "other", subnetIds = new[] { world.ProviderSubnets[0], twin } }));
        var vpc = (await world.AsProvider.PostAsync("/v1/vpcs", new { cidr = "10.0.0.0/16" })).Expect(201)["id"];
        var apart = (await world.AsProvider.PostAsync("/v1/subnets", new { vpcId = vpc, cidr = "10.0.1.0/24", availabilityZone = zone })).Expect(201)["id"];
        await fixture.RefusedAsync(404, "InvalidSubnetID.NotFound", () => world.AsProvider.PostAsync("/v1/load-balancers", new { name = "other", subnetIds = new[] { world.ProviderSubnets[1], apart } }));
    }

    [Fact]
    public async Task A_listener_has_a_port_of_its_own_and_a_target_group_by_its_ARN()
    {
        await RefusedAsync(404, "TargetGroupNotFound", "/v1/load-balancers/LB/listeners", w => new { port = 81, targetGroupArn = w.TargetGroupArn.Replace("/web/", "/another/", StringComparison.Ordinal) });
        await RefusedAsync(400, "InvalidIdleTimeout", "/v1/load-balancers/LB/listeners", w => new { port = 81, targetGroupArn = w.TargetGroupArn, tcpIdleTimeoutSeconds = 59 });
        await RefusedAsync(409, "DuplicateListener", "/v1/load-balancers/LB/listeners", w => new { port = 80, targetGroupArn = w.TargetGroupArn, tcpIdleTimeoutSeconds = 400 });
    }

    [Fact]
    public async Task What_is_in_use_stays()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(409, "ResourceInUse", () => world.AsProvider.DeleteAsync($"/v1/target-groups/{world.TargetGroup}"));
        await fixture.RefusedAsync(409, "ResourceInUse", () => world.AsProvider.DeleteAsync($"/v1/load-balancers/{world.LoadBalancerId}"));
    }

    [Fact]
    public async Task A_network_interface_is_changed_only_through_what_it_belongs_to()
    {
        var world = await fixture.SharedWorldAsync();
        var eni = (string)(await world.AsProvider.GetAsync("/v1/network-interfaces")).Expect(200).Json["items"]![0]!["id"]!;
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsProvider.DeleteAsync($"/v1/network-interfaces/{eni}"));
        await fixture.RefusedAsync(403, "OperationNotPermitted", () => world.AsProvider.PatchAsync($"/v1/network-interfaces/{eni}", new { }));
    }
}
