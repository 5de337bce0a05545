using System.Text.Json;
using PrivateLinkCloud.Lab.Clients;

namespace PrivateLinkCloud.Lab.Story;

/// <summary>
/// The product's main job, told through its public API: two tenants with the same addresses, one offers, the other connects, the first
/// accepts because a signed webhook asked it to, and a byte flows. The lab only calls the API and runs clients.
/// </summary>
public sealed class WalkStory(LabDirectory directory, LabProcesses processes, Surroundings surroundings, Uri api, Narrator narrator) : IDisposable
{
    public const string OperatorClient = "platform-operator", ProviderClient = "provider", ConsumerClient = "consumer";

    /// <summary>A third party for whoever tries things out: the issuer knows it, the platform does not until the operator registers it.</summary>
    public const string AnotherClient = "another-consumer", AnotherAccount = "777788889999";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new() { BaseAddress = api, Timeout = TimeSpan.FromSeconds(20) };
    private readonly Instances _instances = new(directory);
    private readonly Targets _targets = new(directory, processes);

    public async Task<WalkOutcome> TellAsync(CancellationToken ct)
    {
        using var preparing = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var databases = _targets.PrepareDatabasesAsync(preparing.Token);
        try
        {
            return await TellAsync(databases, ct);
        }
        finally
        {
            // Nobody removes databases that are still being made.
            await preparing.CancelAsync();
            await databases.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<WalkOutcome> TellAsync(Task databases, CancellationToken ct)
    {
        var (platform, provider, consumer) = Parties();
        narrator.Begin("the platform operator opens the region and registers two tenants");
        await platform.OpenRegionAsync(ct);
        await platform.RegisterAsync(Provider.Account, "provider", Product.ZoneIds, ct);
        await platform.RegisterAsync(Consumer.Account, "consumer", Product.ZoneIds.Reverse(), ct);

        narrator.Begin($"each tenant makes a VPC {Network.Cidr}");
        var (offering, asking) = (await provider.CreateNetworkAsync(ct), await consumer.CreateNetworkAsync(ct));
        narrator.Tell("tenants", $"{Provider.Account} and {Consumer.Account} each have a VPC {Network.Cidr} with a subnet per zone");
        narrator.Tell("", $"to the provider {offering.ZoneNames}; to the consumer {asking.ZoneNames}");

        narrator.Begin("the provider starts its servers");
        await databases;
        var (pages, stores) = await StartTargetsAsync(offering, ct);
        var inside = await _instances.AttachAsync("provider", offering.VpcId, offering.Subnets[0].Machine(9), ct);
        narrator.Tell("provider", $"a page server at {Addresses(pages)}, a PostgreSQL at {Addresses(stores)}");

        narrator.Begin("the provider offers them as an endpoint service");
        var groups = new Dictionary<int, string>
        {
            [Targets.HttpPort] = await provider.RegisterTargetsAsync(offering, "pages", Targets.HttpPort, pages, ct),
            [Targets.PostgresPort] = await provider.RegisterTargetsAsync(offering, "stores", Targets.PostgresPort, stores, ct),
        };
        var loadBalancer = await provider.CreateLoadBalancerAsync(offering, groups, ct);
        var service = await provider.OfferAsync(loadBalancer, Consumer.Account, ct);
        await platform.ConfirmPrivateNameAsync(service.Id, Provider.PrivateName, ct);
        surroundings.Webhooks.Secret = await provider.AskToBeToldAsync(service.Id, new Uri(surroundings.Address, WebhookReceiver.Path), ct);
        await provider.WaitForHealthyTargetsAsync(groups.Values, ct);
        narrator.Tell("provider", $"offers {service.Name}, acceptance required; every target is healthy");

        narrator.Begin("the consumer requests an interface endpoint in both zones");
        if (!await consumer.SeesAsync(service.Name, ct)) throw new LabException($"{service.Name} is not in the consumer's catalogue");
        var client = await _instances.AttachAsync("consumer", asking.VpcId, asking.Subnets[0].Machine(9), ct);
        var endpoint = await consumer.RequestAsync(asking, service.Name, ct);
        if (endpoint.State != "pendingAcceptance") throw new LabException($"{endpoint.Id} is {endpoint.State} before anybody accepted it");
        var waiting = await StartWaitingClientAsync(client, endpoint, ct);
        narrator.Tell("consumer", $"requests {endpoint.Id} with {string.Join(" and ", endpoint.Addresses)}; a client in its VPC waits for it");

        narrator.Begin("the provider is told by a signed webhook");
        var told = await surroundings.Webhooks.WaitForAsync("endpoint.connect", endpoint.Id, Patience, ct);
        narrator.Tell("provider", $"told by the signed webhook {told.Id} ({told.Type}), accepts");

        narrator.Begin("the provider accepts");
        var accept = DateTimeOffset.UtcNow;
        await provider.AcceptAsync(endpoint.Id, ct);

        narrator.Begin("the first byte reaches the waiting client");
        var first = await FirstByteAsync(waiting, ct);
        var walk = await WalkRecords.WalkAsync(directory, endpoint.Id, accept, ct);
        var acknowledged = await surroundings.Webhooks.WaitForAsync("endpoint.accept", endpoint.Id, Patience, ct);

        narrator.Begin("private DNS is enabled");
        await consumer.EnablePrivateDnsAsync(endpoint.Id, ct);
        var use = await new EndpointUse(directory, client).TryOutAsync(endpoint, _targets.Password, ct);

        narrator.Begin("the endpoint becomes available");
        await WaitUntilAvailableAsync(consumer, endpoint.Id, ct);
        surroundings.Webhooks.RequireNoneRefused();
        return new WalkOutcome(endpoint, service.Id, offering, asking, inside, client, _targets.Password, accept, first, walk, told, acknowledged, use);
    }

    public void Dispose() => _http.Dispose();

    private (PlatformOperator, Provider, Consumer) Parties()
    {
        var issuer = surroundings.Issuer;
        issuer.AddPlatformOperator(OperatorClient);
        issuer.AddTenant(ProviderClient, Provider.Account);
        issuer.AddTenant(ConsumerClient, Consumer.Account);
        issuer.AddTenant(AnotherClient, AnotherAccount);
        PublicApi As(string client) => new(_http, client, issuer.TokenFor(client));
        return (new(As(OperatorClient)), new(As(ProviderClient)), new(As(ConsumerClient)));
    }

    /// <summary>In each zone one instance with a page server and one with a PostgreSQL.</summary>
    private async Task<(IReadOnlyList<Instance> Pages, IReadOnlyList<Instance> Stores)> StartTargetsAsync(Network network, CancellationToken ct)
    {
        var (pages, stores) = (new List<Instance>(), new List<Instance>());
        foreach (var subnet in network.Subnets)
        {
            pages.Add(await _instances.AttachAsync($"page-{subnet.ZoneId}", network.VpcId, subnet.Machine(0), ct));
            _targets.StartPages(pages[^1], subnet.ZoneId);
            stores.Add(await _instances.AttachAsync($"store-{subnet.ZoneId}", network.VpcId, subnet.Machine(1), ct));
            _targets.StartDatabase(stores[^1], subnet.ZoneId);
        }
        return (pages, stores);
    }

    private async Task<LabProcess> StartWaitingClientAsync(Instance client, Endpoint endpoint, CancellationToken ct)
    {
        var process = processes.Start("client-first-byte", client.Run(Commands.Dotnet, directory.Program("Lab"), "client", "first-byte", Network.Resolver, endpoint.RegionalName, $"{Targets.HttpPort}"));
        await Until.RequireAsync(() => LastLine(process) == "waiting", Patience, "The client in the consumer's VPC does not start", ct);
        return process;
    }

    private async Task<FirstByte> FirstByteAsync(LabProcess client, CancellationToken ct)
    {
        await Until.RequireAsync(() => !client.IsAlive, Patience, "No byte came through the accepted endpoint", ct);
        var said = LastLine(client);
        return said.StartsWith('{') ? JsonSerializer.Deserialize<FirstByte>(said)! : throw new LabException($"The waiting client gave up: {said}. See {directory.Log(client.Role)}");
    }

    private async Task WaitUntilAvailableAsync(Consumer consumer, string endpointId, CancellationToken ct)
    {
        var state = "";
        if (!await Until.TrueAsync(async () => (state = (await consumer.EndpointAsync(endpointId, ct)).State) == "available", Patience, ct))
            throw new LabException($"{endpointId} carries bytes, yet its state is {state} and not available. See {directory.Logs}");
    }

    private string LastLine(LabProcess process) => File.Exists(directory.Log(process.Role)) ? File.ReadLines(directory.Log(process.Role)).LastOrDefault() ?? "" : "";

    private static string Addresses(IEnumerable<Instance> instances) => string.Join(" and ", instances.Select(i => i.Address));
}
