namespace PrivateLinkCloud.Domain.EndpointServices;

/// <summary>What a provider offers: one or more load balancers under a name that allowed principals may connect to (S-16, S-61).</summary>
public sealed record EndpointService(string Id, string Name, string Account, string RegionId, IReadOnlyList<string> LoadBalancerArns, bool AcceptanceRequired, IReadOnlyList<string> AllowedPrincipals) : IFold<EndpointService>
{
    public int Version { get; init; }
    public bool Deleted { get; init; }
    public string? PrivateDnsName { get; init; }
    public PrivateDnsNameState PrivateDnsNameState { get; init; }
    public static IReadOnlyList<Type> EventTypes { get; } =
    [
        typeof(EndpointServiceCreated), typeof(EndpointServiceAcceptanceSet), typeof(EndpointServiceLoadBalancersSet), typeof(EndpointServicePrincipalsAllowed),
        typeof(EndpointServicePrincipalsRemoved), typeof(EndpointServicePrivateDnsNameSet), typeof(EndpointServicePrivateDnsNameConfirmed), typeof(EndpointServiceDeleted),
    ];

    public static EndpointService? Evolve(EndpointService? state, object @event) => (state, @event) switch
    {
        (_, EndpointServiceCreated e) => new EndpointService(e.ServiceId, e.ServiceName, e.Account, e.RegionId, e.LoadBalancerArns, e.AcceptanceRequired, []),
        ({ } s, EndpointServiceAcceptanceSet e) => s with { AcceptanceRequired = e.AcceptanceRequired },
        ({ } s, EndpointServiceLoadBalancersSet e) => s with { LoadBalancerArns = e.LoadBalancerArns },
        ({ } s, EndpointServicePrincipalsAllowed e) => s with { AllowedPrincipals = [.. s.AllowedPrincipals, .. e.Principals] },
        ({ } s, EndpointServicePrincipalsRemoved e) => s with { AllowedPrincipals = [.. s.AllowedPrincipals.Except(e.Principals)] },
        ({ } s, EndpointServicePrivateDnsNameSet e) => s with { PrivateDnsName = e.PrivateDnsName, PrivateDnsNameState = e.PrivateDnsName is null ? PrivateDnsNameState.None : PrivateDnsNameState.PendingVerification },
        ({ } s, EndpointServicePrivateDnsNameConfirmed) => s with { PrivateDnsNameState = PrivateDnsNameState.Verified },
        ({ } s, EndpointServiceDeleted) => s with { Deleted = true },
        _ => state,
    };

    /// <summary>Whether an account may see and use the service: its own, or covered by an allowed principal.</summary>
    public bool IsOfferedTo(string account, string? callerArn, Naming naming) =>
        account == Account || AllowedPrincipals.Any(p => Names.Covers(p, naming.Partition, account, callerArn));
}

/// <summary>Rules §2.3: consumers may use the name only when it is verified.</summary>
public enum PrivateDnsNameState { None, PendingVerification, Verified, Failed }
