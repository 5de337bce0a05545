namespace PrivateLinkCloud.Lab.Story;

/// <summary>Runs the platform: opens regions and zones, registers tenants, vouches for names.</summary>
public sealed class PlatformOperator(PublicApi api)
{
    public async Task OpenRegionAsync(CancellationToken ct)
    {
        await api.PostAsync("/v1/regions", new { region = Product.Region }, ct);
        foreach (var zoneId in Product.ZoneIds) await api.PostAsync($"/v1/regions/{Product.Region}/zones", new { zoneId }, ct);
    }

    /// <param name="zoneIds">In the order in which the tenant is to see them: its a, b, ….</param>
    public Task RegisterAsync(string account, string name, IEnumerable<string> zoneIds, CancellationToken ct) =>
        api.PostAsync("/v1/tenants", new { account, name, zoneIds }, ct);

    public Task ConfirmPrivateNameAsync(string serviceId, string name, CancellationToken ct) =>
        api.PostAsync($"/v1/endpoint-services/{serviceId}/confirm-private-dns-name", new { privateDnsName = name }, ct);
}
