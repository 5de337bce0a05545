namespace PrivateLinkCloud.ControlPlane.Tests.EndpointServices;

/// <summary>Endpoint services that cannot be offered, changed or taken away.</summary>
[Collection(OneControlPlane.Name)]
public sealed class EndpointServiceRefusalTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task A_load_balancer_belongs_to_one_service()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(409, "LoadBalancerInUse", () => world.AsProvider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { world.LoadBalancerArn } }));
    }

    [Fact]
    public async Task A_service_has_a_load_balancer()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "MissingLoadBalancer", () => world.AsProvider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = Array.Empty<string>() }));
        await fixture.RefusedAsync(400, "MissingLoadBalancer", () => world.AsProvider.PatchAsync($"/v1/endpoint-services/{world.ServiceId}", new { loadBalancerArns = Array.Empty<string>() }));
        await fixture.RefusedAsync(404, "LoadBalancerNotFound", () => world.AsProvider.PostAsync("/v1/endpoint-services", new { loadBalancerArns = new[] { world.LoadBalancerArn.Replace("/front/", "/back/", StringComparison.Ordinal) } }));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("DB.example.com")]
    [InlineData("db..example.com")]
    [InlineData("db.example.com.")]
    [InlineData("-db.example.com")]
    [InlineData("*.example.com")]
    [InlineData("db.example.com\n")]
    [InlineData("http://db.example.com")]
    [InlineData("10.0.0.1")]
    public async Task A_private_name_is_a_DNS_name_in_lower_case(string privateDnsName)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "InvalidPrivateDnsName", () => world.AsProvider.PatchAsync($"/v1/endpoint-services/{world.ServiceId}", new { privateDnsName }));
    }

    [Theory]
    [InlineData("123456789012")]
    [InlineData("arn:aws:iam::12345678901:root")]
    [InlineData("arn:aws:iam::123456789012:group/all")]
    [InlineData("arn:aws:iam::123456789012:role/")]
    [InlineData("arn:other:iam::123456789012:root")]
    [InlineData("**")]
    [InlineData("")]
    public async Task A_principal_is_an_account_a_user_a_role_or_everybody(string principal)
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(400, "InvalidPrincipal", () => world.AsProvider.PostAsync($"/v1/endpoint-services/{world.ServiceId}/allowed-principals", new { add = new[] { "*", principal } }));
    }

    [Fact]
    public async Task A_service_that_somebody_asked_for_stays_until_the_request_is_rejected_and_cannot_be_accepted_again_when_it_has_gone()
    {
        var world = await fixture.NewWorld().ServiceAsync();
        var endpoint = (await world.RequestAsync())["id"];
        await fixture.RefusedAsync(409, "ExistingVpcEndpointConnections", () => world.AsProvider.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}"));
        (await world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/reject")).Expect(200);
        (await world.AsProvider.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}")).Expect(204);
        (await world.AsProvider.DeleteAsync($"/v1/endpoint-services/{world.ServiceId}")).Expect(204); // a wish that is true already
        await fixture.RefusedAsync(404, "InvalidVpcEndpointServiceId.NotFound", () => world.AsProvider.GetAsync($"/v1/endpoint-services/{world.ServiceId}"));
        await fixture.RefusedAsync(409, "InvalidVpcEndpointService.NotFound", () => world.AsProvider.PostAsync($"/v1/endpoint-connections/{endpoint}/accept"));
        (await world.AsConsumer.DeleteAsync($"/v1/interface-endpoints/{endpoint}")).Expect(204);
    }

    [Fact]
    public async Task A_name_is_confirmed_only_where_there_is_one()
    {
        var world = await fixture.SharedWorldAsync();
        await fixture.RefusedAsync(409, "PrivateDnsNameNotSet", () => fixture.Operator().PostAsync($"/v1/endpoint-services/{world.ServiceId}/confirm-private-dns-name", new { privateDnsName = "db.example.com" }));
        await fixture.RefusedAsync(404, "InvalidVpcEndpointServiceId.NotFound", () => fixture.Operator().PostAsync("/v1/endpoint-services/vpce-svc-00000000000000000/confirm-private-dns-name", new { privateDnsName = "db.example.com" }));
    }
}
