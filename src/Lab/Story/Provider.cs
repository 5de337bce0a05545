namespace PrivateLinkCloud.Lab.Story;

/// <summary>Offers a page and a database to others: targets, load balancer, endpoint service, and a say in who connects.</summary>
public sealed class Provider(PublicApi api)
{
    public const string Account = "111122223333", PrivateName = "app.example.com";
    private const string Topic = "connections";

    public Task<Network> CreateNetworkAsync(CancellationToken ct) => Network.CreateAsync(api, ct);

    /// <returns>The target group's ARN.</returns>
    public async Task<string> RegisterTargetsAsync(Network network, string name, int port, IEnumerable<Instance> targets, CancellationToken ct)
    {
        // Fast checks: nobody watches a lab for half a minute to see a target come into service.
        var healthCheck = new { intervalSeconds = 1, timeoutSeconds = 1, healthyThreshold = 2, unhealthyThreshold = 2 };
        var group = await api.PostAsync("/v1/target-groups", new { name, vpcId = network.VpcId, port, healthCheck }, ct);
        await api.PostAsync($"/v1/target-groups/{group.Text("id")}/register-targets", new { targets = targets.Select(t => new { address = t.Address }) }, ct);
        return group.Text("arn");
    }

    /// <returns>The load balancer's ARN.</returns>
    public async Task<string> CreateLoadBalancerAsync(Network network, IReadOnlyDictionary<int, string> targetGroupByPort, CancellationToken ct)
    {
        var loadBalancer = await api.PostAsync("/v1/load-balancers", new { name = "app", subnetIds = network.SubnetIds }, ct);
        foreach (var (port, targetGroupArn) in targetGroupByPort)
            await api.PostAsync($"/v1/load-balancers/{loadBalancer.Text("id")}/listeners", new { port, targetGroupArn }, ct);
        return loadBalancer.Text("arn");
    }

    public async Task<(string Id, string Name)> OfferAsync(string loadBalancerArn, string consumer, CancellationToken ct)
    {
        var service = await api.PostAsync("/v1/endpoint-services", new { loadBalancerArns = (string[])[loadBalancerArn], acceptanceRequired = true, privateDnsName = PrivateName }, ct);
        await api.PostAsync($"/v1/endpoint-services/{service.Text("id")}/allowed-principals", new { add = (string[])[$"arn:aws:iam::{consumer}:root"] }, ct);
        return (service.Text("id"), service.Text("name"));
    }

    /// <returns>The secret that webhooks to the destination are signed with.</returns>
    public async Task<string> AskToBeToldAsync(string serviceId, Uri destination, CancellationToken ct)
    {
        var topic = await api.PostAsync("/v1/topics", new { name = Topic }, ct);
        var subscription = await api.PostAsync($"/v1/topics/{Topic}/subscriptions", new { protocol = destination.Scheme, destination }, ct);
        await api.PostAsync("/v1/connection-notifications", new { serviceId, topicArn = topic.Text("arn"), events = (string[])["connect", "accept", "reject", "delete"] }, ct);
        return subscription.Text("secret");
    }

    /// <exception cref="LabException">Some target is not in service in time.</exception>
    public async Task WaitForHealthyTargetsAsync(IEnumerable<string> targetGroupArns, CancellationToken ct)
    {
        foreach (var id in targetGroupArns.Select(a => a[(a.LastIndexOf('/') + 1)..]))
        {
            var seen = "nothing";
            var healthy = await Until.TrueAsync(async () =>
            {
                var targets = (await api.GetAsync($"/v1/target-groups/{id}/target-health", ct)).List().Select(t => (Address: t.Text("address"), State: t.Text("state"))).ToList();
                seen = string.Join(", ", targets.Select(t => $"{t.Address} {t.State}"));
                return targets.Count > 0 && targets.TrueForAll(t => t.State == "healthy");
            }, TimeSpan.FromSeconds(60), ct);
            if (!healthy) throw new LabException($"Targets of {id} are not healthy after 60 s: {seen}");
        }
    }

    public Task AcceptAsync(string endpointId, CancellationToken ct) => api.PostAsync($"/v1/endpoint-connections/{endpointId}/accept", null, ct);
}
