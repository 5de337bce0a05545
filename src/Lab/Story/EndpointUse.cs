namespace PrivateLinkCloud.Lab.Story;

/// <summary>What an ordinary program in the consumer's VPC sees of the endpoint: its names at the VPC's resolver, the page, the database.</summary>
public sealed class EndpointUse(LabDirectory directory, Instance client)
{
    private const string Sql = "select count(*), sum(quantity), host(inet_server_addr()) from stock";

    public async Task<EndpointUseSeen> TryOutAsync(Endpoint endpoint, string password, CancellationToken ct)
    {
        var regional = await ResolveAsync(endpoint.RegionalName, endpoint.Addresses.Count, ct);
        var zonal = new List<string>();
        foreach (var name in endpoint.ZonalNames) zonal.Add(await ResolveAsync(name, 1, ct));
        var named = await ResolveAsync(Provider.PrivateName, endpoint.Addresses.Count, ct);
        var page = await RunAsync(["client", "fetch", $"http://{Provider.PrivateName}/"], null, ct);
        var row = await RunAsync(["client", "query", $"Host={endpoint.RegionalName};Port={Targets.PostgresPort};Username={Targets.User};Database={Targets.Database}", Sql],
            new Dictionary<string, string> { ["PGPASSWORD"] = password }, ct);
        return new EndpointUseSeen(regional, zonal, named, page, row);
    }

    private async Task<string> ResolveAsync(string name, int addresses, CancellationToken ct) =>
        (await RunAsync(["client", "resolve", Network.Resolver, name, $"{addresses}"], null, ct)).ReplaceLineEndings(", ");

    private Task<string> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment, CancellationToken ct) =>
        Commands.RunAsync(client.Run([Commands.Dotnet, directory.Program("Lab"), .. arguments]), environment, ct: ct);
}

/// <param name="Row">Items, pieces, and the address of the PostgreSQL that answered.</param>
public sealed record EndpointUseSeen(string Regional, IReadOnlyList<string> Zonal, string Private, string Page, string Row);
