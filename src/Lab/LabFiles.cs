using PrivateLinkCloud.Lab.Story;

namespace PrivateLinkCloud.Lab;

/// <summary>Puts <c>lab.json</c> together from what the walk built and what runs.</summary>
public static class LabFiles
{
    public static LabFile Of(WalkOutcome walk, LabDirectory directory, LabProcesses processes, Surroundings surroundings, Uri api)
    {
        var issuer = surroundings.Issuer;
        var endpoint = walk.Endpoint;
        return new LabFile
        {
            Api = api.ToString().TrimEnd('/'),
            Issuer = new(new Uri(surroundings.Address, "/token").ToString(), issuer.ClientSecret),
            Operator = new(issuer.TokenFor(WalkStory.OperatorClient)),
            Tenants = new(new(Provider.Account, issuer.TokenFor(WalkStory.ProviderClient), walk.Offering.VpcId), new(Consumer.Account, issuer.TokenFor(WalkStory.ConsumerClient), walk.Asking.VpcId)),
            Endpoint = new(endpoint.Id, walk.ServiceId, endpoint.RegionalName, endpoint.ZonalNames, Provider.PrivateName, endpoint.Addresses,
                Targets.HttpPort, Targets.PostgresPort, Targets.Database, Targets.User, walk.StorePassword),
            Networks = new(walk.Inside.Network, walk.Client.Network),
            Processes = new Dictionary<string, IReadOnlyList<int>>
            {
                ["postgres"] = [PrivateComponents.ProcessId(directory, PrivateComponents.Postgres)],
                ["rabbitmq"] = [PrivateComponents.ProcessId(directory, PrivateComponents.Rabbitmq)],
                ["controlPlane"] = Ids("control-plane-"), ["zoneAgents"] = Ids("zone-agent-"), ["notifier"] = Ids("notifier"),
                ["targets"] = Ids("target-"), ["lab"] = [Environment.ProcessId],
            },
        };
        IReadOnlyList<int> Ids(string front) => [.. processes.Started.Where(p => p.Role.StartsWith(front, StringComparison.Ordinal)).Select(p => p.Id)];
    }
}
