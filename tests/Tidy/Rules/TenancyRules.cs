using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>
/// Everything that reads or writes across tenants, or for another account than the caller's, does so in named, few places, and so does raw SQL,
/// which no tenancy guards. Each number is the count of lines that do; a new line is a decision to let one tenant's request see another's
/// data, and deserves a look.
/// </summary>
internal static partial class TenancyRules
{
    private static readonly Dictionary<string, (int Lines, string Why)> Sessions = new()
    {
        ["src/ControlPlane/Platform/CrossTenant.cs"] = (15, "the one place for it; each query says why it must"),
        ["src/ControlPlane/Zones/PlanFacts.cs"] = (9, "a zone serves every tenant"),
        ["src/ControlPlane/Platform/CommandHandling.cs"] = (1, "opens the session of the tenant it is told; who tells it another than the caller is counted here"),
        ["src/ControlPlane/Platform/Api.cs"] = (2, "the caller's, unless a route names a tenant"),
        ["src/ControlPlane/Platform/TenantDirectory.cs"] = (3, "who is registered is asked before a caller is one; the platform's regions are everybody's"),
        ["src/ControlPlane/Platform/MartenSetup.cs"] = (1, "names the platform's own tenant"),
        ["src/ControlPlane/Platform/IdempotencyKeys.cs"] = (1, "platform operators' keys are the platform's"),
        ["src/ControlPlane/Vpcs/VpcView.cs"] = (3, "its account is the caller's: routes give caller.Account, doors the account of a VPC that was found so"),
        ["src/ControlPlane/EndpointServices/EndpointServiceView.cs"] = (2, "its account is the caller's: routes give caller.Account"),
        ["src/ControlPlane/EndpointServices/EndpointServiceRoutes.cs"] = (1, "the platform operator confirms a name of a provider's"),
        ["src/ControlPlane/Regions/RegionRoutes.cs"] = (2, "regions are the platform's"),
        ["src/ControlPlane/Tenants/TenantRoutes.cs"] = (1, "the platform operator registers a tenant"),
        ["src/ControlPlane/ConnectionNotifications/DueNotifications.cs"] = (1, "the topic of a notification is its account's"),
        ["src/ControlPlane/Zones/ZoneLeases.cs"] = (1, "agents report endpoints, whosever"),
        ["src/ControlPlane/Zones/ZoneReadiness.cs"] = (1, "agents report endpoints, whosever"),
        ["src/ControlPlane/Zones/Clock.cs"] = (1, "time passes for every endpoint"),
    };

    private static readonly Dictionary<string, (int Lines, string Why)> RawSql = new()
    {
        ["src/ControlPlane/Platform/EventDatabase.cs"] = (2, "makes the connections"),
        ["src/ControlPlane/Platform/Composition.cs"] = (2, "hands them to the event store; asks whether the database is there"),
        ["src/ControlPlane/Platform/MartenSetup.cs"] = (1, "the event store's own"),
        ["src/ControlPlane/Platform/Housekeeping.cs"] = (1, "forgets what is old, whosever"),
        ["src/ControlPlane/Platform/IdempotencyKeys.cs"] = (1, "each statement names the tenant"),
        ["src/ControlPlane/Vpcs/VpcView.cs"] = (1, "addresses taken in subnets that were found under the caller's account"),
        ["src/ControlPlane/TargetGroups/TargetGroupRoutes.cs"] = (1, "health of a target group that was found under the caller's account"),
        ["src/ControlPlane/ConnectionNotifications/DueNotificationRelay.cs"] = (1, "moves what is due, whosever"),
        ["src/ControlPlane/Zones/ZoneLeases.cs"] = (1, "a zone serves every tenant"),
        ["src/ControlPlane/Zones/ZoneReadiness.cs"] = (1, "a zone serves every tenant"),
        ["src/ControlPlane/Zones/ZonePlans.cs"] = (1, "an agent reads the whole plan of its own zone"),
    };

    public static IEnumerable<Rule> All =>
    [
        Rule.OfEach("Tenants are crossed in named places only", file => Counted(file, CrossingPattern(), Sessions, "lines cross tenants"),
            [
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "session.Query<Vpc>().Where(v => v.AnyTenant())"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.QuerySession();"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.LightweightSession();"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.QuerySession(otherAccount);"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = await store.LightweightSerializableSessionAsync(vpc.Account);"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await api.DeleteAsync<Vpc>(http, id, nameof(DeleteVpc), decide, tenant: found.Account);"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await commands.HandleAsync<Vpc>(vpc.Account, id, nameof(DeleteVpc), decide, ct);"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "Shape, 201, MartenSetup.PlatformTenant);"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "x.TenantIsOneOf(\"a\")"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "StorageConstants.DefaultTenantId"),
                new SourceFile("src/ControlPlane/Zones/PlanFacts.cs", string.Concat(Enumerable.Repeat("QuerySession()\n", 20))),
            ],
            new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.QuerySession(caller.Account);"),
            new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "/// <summary>Outside any one tenant: the list.</summary>"),
            new SourceFile("src/ControlPlane/Zones/PlanFacts.cs", "QuerySession()\nQuerySession()")),
        Rule.OfEach("Raw SQL, which no tenancy guards, is in named places only", file => file.Under("src/ControlPlane") ? Counted(file, DatabasePattern(), RawSql, "lines take the database itself") : [],
            [
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "private static async Task<IResult> ListAsync(NpgsqlDataSource database)"),
                new SourceFile("src/ControlPlane/Vpcs/VpcView.cs", "NpgsqlDataSource a\nNpgsqlDataSource b"),
            ],
            new SourceFile("src/Notifier/Deliveries/DeliveryStore.cs", "public sealed class DeliveryStore(NpgsqlDataSource database)"),
            new SourceFile("src/ControlPlane/Vpcs/VpcView.cs", "public sealed class VpcQueries(NpgsqlDataSource database)")),
    ];

    private static IEnumerable<string> Counted(SourceFile file, Regex pattern, Dictionary<string, (int Lines, string Why)> allowed, string what)
    {
        if (!file.IsCode || !file.Under("src")) yield break;
        var lines = file.Lines.Count(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(l));
        var (most, why) = allowed.GetValueOrDefault(file.Path, (0, "nobody named this file"));
        if (lines > most) yield return $"{lines} {what}, {most} may ({why})";
    }

    [GeneratedRegex(@"\bAnyTenant\(|\bTenantIsOneOf\(|\b(?:(?:Query|Lightweight|Identity|DirtyTracked|Open)\w*)?Session(?:Async)?\((?!caller\.Account\))|\bDefaultTenantId\b|\bForTenant\(|\btenant: |\bPlatformTenant\b|\bcommands\.HandleAsync\b")] private static partial Regex CrossingPattern();
    [GeneratedRegex(@"\bNpgsqlDataSource\b")] private static partial Regex DatabasePattern();
}
