using System.Text.Json;

namespace PrivateLinkCloud.Lab.Story;

/// <summary>Wants the provider's service inside its own network.</summary>
public sealed class Consumer(PublicApi api)
{
    public const string Account = "444455556666";

    public Task<Network> CreateNetworkAsync(CancellationToken ct) => Network.CreateAsync(api, ct);

    /// <summary>The catalogue shows what the account may use, and only that.</summary>
    public async Task<bool> SeesAsync(string serviceName, CancellationToken ct) =>
        (await api.GetAsync("/v1/endpoint-services/available", ct)).List().Any(s => s.Text("name") == serviceName);

    public async Task<Endpoint> RequestAsync(Network network, string serviceName, CancellationToken ct) =>
        Endpoint.From(await api.PostAsync("/v1/interface-endpoints", new { vpcId = network.VpcId, serviceName, subnetIds = network.SubnetIds, message = "the lab asks" }, ct));

    public async Task EnablePrivateDnsAsync(string endpointId, CancellationToken ct) => await api.PostAsync($"/v1/interface-endpoints/{endpointId}/enable-private-dns", null, ct);

    public async Task<Endpoint> EndpointAsync(string endpointId, CancellationToken ct) => Endpoint.From(await api.GetAsync($"/v1/interface-endpoints/{endpointId}", ct));
}

/// <summary>The interface endpoint, as its consumer sees it.</summary>
public sealed record Endpoint(string Id, string State, string RegionalName, IReadOnlyList<string> ZonalNames, IReadOnlyList<string> Addresses)
{
    public static Endpoint From(JsonElement json) => new(json.Text("id"), json.Text("state"), json.Text("regionalName"),
        [.. json.List("zonalNames").Select(z => z.Text("name"))], [.. json.List("networkInterfaces").Select(i => i.Text("address"))]);
}
