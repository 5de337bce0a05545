using System.Net;
using PrivateLinkCloud.Contracts;
using PrivateLinkCloud.Domain.EndpointServices;
using PrivateLinkCloud.Domain.InterfaceEndpoints;
using PrivateLinkCloud.Domain.LoadBalancers;
using PrivateLinkCloud.Domain.TargetGroups;
using PrivateLinkCloud.Domain.Vpcs;
using PrivateLinkCloud.Domain.Zones;
using static PrivateLinkCloud.Domain.Tests.Scene;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>One thing that happened to an endpoint, for the invariants to look at.</summary>
internal sealed record EndpointStep(InterfaceEndpoint? Before, object Command, IReadOnlyList<object> Events, InterfaceEndpoint After);

/// <summary>
/// A small cloud that lives by chance: three zones, a provider and two consumers with the same range, everything created, changed and
/// deleted in any order, most of it refused. Only deciders, folds and the claims table; what the control plane looks up beforehand is
/// looked up here the same way.
/// </summary>
internal sealed class RandomWorld(ulong seed)
{
    public static readonly string[] Zones = ["use1-az1", "use1-az2", "use1-az4"];
    private static readonly string[] Actors = [Provider, Consumer, Stranger, "444444444444"];
    private readonly Chance _chance = new(seed);
    private int _ids;

    public DateTimeOffset Clock { get; private set; } = Now;
    public ClaimsTable Claims { get; } = new();
    public Dictionary<string, Vpc> Vpcs { get; } = [];
    public Dictionary<string, TargetGroup> Groups { get; } = [];
    public Dictionary<string, LoadBalancer> Balancers { get; } = [];
    public Dictionary<string, EndpointService> Services { get; } = [];
    public Dictionary<string, InterfaceEndpoint> Endpoints { get; } = [];
    public Action<EndpointStep>? EndpointStepped { get; set; }

    /// <summary>How often each command was accepted with events: a world in which nothing succeeds proves nothing.</summary>
    public Dictionary<string, int> Successes { get; } = [];

    public void Begin()
    {
        foreach (var account in (string[])[Provider, Consumer, Stranger])
        {
            var id = NewId("vpc");
            Do(Laws.Vpcs, Vpcs, id, new CreateVpc(id, account, RegionId, "10.0.0.0/16", Clock));
            foreach (var zone in Zones) Do(Laws.Vpcs, Vpcs, id, new CreateSubnet(NewId("subnet"), $"10.0.{_ids}.0/24", zone, zone, Clock));
        }
    }

    public void Step()
    {
        switch (_chance.Below(12))
        {
            case 0: ChangeNetwork(); break;
            case 1: ChangeGroup(); break;
            case 2: ChangeBalancer(); break;
            case 3: ChangeService(); break;
            case 4: RequestEndpoint(); break;
            case 5: Clock += TimeSpan.FromSeconds(_chance.OneIn(30) ? 691_200 : _chance.Below(90)); break;
            default: ChangeEndpoint(); break;
        }
    }

    /// <summary>Everything every aggregate should have in a zone's plan now.</summary>
    public IReadOnlyList<PlanEntry> PlanOf(string zoneId)
    {
        var groupIds = Groups.Values.ToDictionary(g => g.Arn, g => g.Id);
        var owned = Vpcs.Values.Select(ZonePlanner.Plan)
            .Concat(Groups.Values.Select(g => ZonePlanner.Plan(g, [.. Balancers.Values])))
            .Concat(Balancers.Values.Select(b => ZonePlanner.Plan(b, groupIds)))
            .Concat(Endpoints.Values.Select(e => ZonePlanner.Plan(e, Vpcs[e.VpcId], Balancers)));
        return [.. owned.SelectMany(o => o.Entries).Where(e => e.ZoneId == zoneId).Select(e => e.Entry)];
    }

    private void ChangeNetwork()
    {
        var vpc = _chance.Of([.. Vpcs.Values]);
        object command = _chance.Below(3) switch
        {
            0 => new CreateSubnet(NewId("subnet"), $"10.0.{_chance.Below(40)}.0/24", "", _chance.Of(Zones), Clock),
            1 when _chance.OfOrNone(vpc.Subnets) is { } subnet => new DeleteSubnet(subnet.Id, Clock),
            _ => new SetVpcDnsAttributes(!_chance.OneIn(4), !_chance.OneIn(4), Clock),
        };
        Do(Laws.Vpcs, Vpcs, vpc.Id, command);
    }

    private void ChangeGroup()
    {
        var vpc = Vpcs.Values.First(v => v.Account == Provider);
        var group = _chance.OfOrNone([.. Groups.Values.Where(g => !g.Deleted)]);
        if (group is null || _chance.OneIn(5))
        {
            var (id, name) = (NewId("tg"), $"tg-{_chance.Below(6)}");
            Do(Laws.TargetGroups, Groups, id, new CreateTargetGroup(id, Naming.Default.TargetGroupArn(RegionId, Provider, name, id), Provider, vpc, name, 8080, new HealthCheckSettings(), 5, Clock));
            return;
        }
        TargetWish[] wish = [new($"10.0.{_chance.Below(40)}.{_chance.Below(256)}", null, null)];
        Do(Laws.TargetGroups, Groups, group.Id, _chance.Below(4) switch
        {
            0 => new DeleteTargetGroup(Clock),
            1 => new DeregisterTargets([.. _chance.Some(group.Targets).Select(t => new TargetWish(t.Address, t.Port, null))], Clock),
            _ => (object)new RegisterTargets(vpc, wish, Clock),
        });
    }

    private void ChangeBalancer()
    {
        var balancer = _chance.OfOrNone([.. Balancers.Values.Where(b => !b.Deleted)]);
        if (balancer is null || _chance.OneIn(4)) { CreateBalancer(); return; }
        var group = _chance.OfOrNone([.. Groups.Values.Where(g => !g.Deleted)]);
        Do(Laws.LoadBalancers, Balancers, balancer.Id, _chance.Below(6) switch
        {
            0 => new DeleteLoadBalancer(Clock),
            1 => new SetCrossZone(_chance.OneIn(2), Clock),
            2 => new DeleteListener(80 + _chance.Below(3), Clock),
            _ => group is null ? new SetCrossZone(false, Clock) : (object)new CreateListener(80 + _chance.Below(3), group, 350, Clock),
        });
    }

    private void CreateBalancer()
    {
        var vpc = Vpcs.Values.First(v => v.Account == Provider);
        var (id, name) = (NewId("lb"), $"lb-{_chance.Below(6)}");
        var nodes = _chance.Some(vpc.Subnets).Select(s => new LoadBalancerNode(s.ZoneId, s.Id, NewId("eni"), FreeIn(s)));
        Do(Laws.LoadBalancers, Balancers, id, new CreateLoadBalancer(id, Naming.Default.LoadBalancerArn(RegionId, Provider, name, id), Provider, vpc, name, _chance.OneIn(2), [.. nodes], Clock));
    }

    private void ChangeService()
    {
        var service = _chance.OfOrNone([.. Services.Values.Where(s => !s.Deleted)]);
        var some = _chance.Some(Balancers.Values.Where(b => !b.Deleted));
        if (service is null || _chance.OneIn(4))
        {
            var id = NewId("vpce-svc");
            Do(Laws.Services, Services, id, new CreateEndpointService(id, Naming.Default.ServiceName(RegionId, id), Provider, RegionId, some, _chance.OneIn(2), $"s{_chance.Below(3)}.example.com", Naming.Default, Clock));
            return;
        }
        Do(Laws.Services, Services, service.Id, _chance.Below(4) switch
        {
            0 => new DeleteEndpointService(Clock),
            1 => new ConfirmPrivateDnsName(service.PrivateDnsName ?? "", "operator", Clock),
            _ => (object)new ModifyEndpointService(_chance.OneIn(2), _chance.OneIn(2) ? null : some, null, Naming.Default, Clock),
        });
    }

    private void RequestEndpoint()
    {
        if (_chance.OfOrNone([.. Services.Values]) is not { } service) return;
        var vpc = _chance.Of([.. Vpcs.Values.Where(v => v.Account != Provider)]);
        var id = NewId("vpce");
        var doors = _chance.Some(vpc.Subnets).Select(s => new EndpointDoor(NewId("eni"), s.Id, s.ZoneId, s.ZoneId, FreeIn(s), Naming.Default.ZonalName(id, "aaaaaaaa", s.ZoneId, service.Id, RegionId)));
        Do(Laws.Endpoints, Endpoints, id, new RequestInterfaceEndpoint(id, vpc.Account, service.Name, service.Deleted ? null : service, BalancersOf(service), vpc, [.. doors],
            Naming.Default.RegionalName(id, "aaaaaaaa", service.Id, RegionId), null, _chance.OneIn(2), 4, Times, Clock));
    }

    private void ChangeEndpoint()
    {
        if (_chance.OfOrNone([.. Endpoints.Values]) is not { } endpoint) return;
        var actor = _chance.OneIn(6) ? _chance.Of(Actors) : _chance.OneIn(2) ? endpoint.Provider : endpoint.Consumer;
        var (service, vpc, zone) = (Services[endpoint.ServiceId], Vpcs[endpoint.VpcId], _chance.Of(Zones));
        Do(Laws.Endpoints, Endpoints, endpoint.Id, _chance.Below(14) switch
        {
            0 or 1 => new AcceptEndpointConnection(actor, BalancersOf(service), Times, Clock),
            2 => new RejectEndpointConnection(actor, Clock),
            3 => new EnablePrivateDns(actor, service.Deleted ? null : service, vpc, Times, Clock),
            4 => new DisablePrivateDns(actor, Times, Clock),
            5 => new DeleteInterfaceEndpoint(actor, Times, Clock),
            6 => new ReportZoneLost(zone, Times, Clock),
            7 or 8 => new ReportZoneWithdrawn(zone, Clock),
            9 or 10 => new PassTime(Clock),
            _ => (object)new ReportZoneDeployed(zone, "agent-1", _ids, Clock),
        });
    }

    private List<LoadBalancer> BalancersOf(EndpointService service) => [.. Balancers.Values.Where(b => service.LoadBalancerArns.Contains(b.Arn))];
    private string FreeIn(Subnet subnet) => Addressing.LowestFree(IPNetwork.Parse(subnet.Cidr), Claims.Keys(VpcDecider.AddressScope(subnet.Id)))!.ToString();
    private string NewId(string prefix) => $"{prefix}-{++_ids:x17}";

    /// <summary>The road of every command, and the rule that holds for each: asked again, it changes nothing.</summary>
    private void Do<T>(Story<T> law, Dictionary<string, T> all, string id, object command) where T : class, IFold<T>
    {
        var before = all.GetValueOrDefault(id);
        var decision = law.Law(before, command);
        if (decision.Rejection is not null || decision.Events.Count == 0 || Claims.Apply(decision) is not null) return;
        var after = Fold(before, decision.Events);
        Assert.Equal([], law.Law(after, command).Events.Select(Outcome.Text));
        all[id] = after;
        var name = command.GetType().Name;
        Successes[name] = Successes.GetValueOrDefault(name) + 1;
        if (after is InterfaceEndpoint endpoint) EndpointStepped?.Invoke(new EndpointStep(before as InterfaceEndpoint, command, decision.Events, endpoint));
    }
}
