using System.Text.RegularExpressions;

namespace PrivateLinkCloud.Tidy.Tests.Rules;

/// <summary>
/// Everything that reads or writes across tenants does so in named, few places. Each number is the count of lines that do; a new line is
/// a decision to let one tenant's request see another's data, and deserves a look.
/// </summary>
internal static partial class TenancyRules
{
    private static readonly Dictionary<string, (int Lines, string Why)> Allowed = new()
    {
        ["src/ControlPlane/Platform/CrossTenant.cs"] = (14, "the one place for it; each query says why it must"),
        ["src/ControlPlane/Zones/PlanFacts.cs"] = (6, "a zone serves every tenant"),
    };

    public static IEnumerable<Rule> All =>
    [
        Rule.OfEach("Tenants are crossed in named places only", Crossings,
            [
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "session.Query<Vpc>().Where(v => v.AnyTenant())"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.QuerySession();"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.LightweightSession();"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "x.TenantIsOneOf(\"a\")"),
                new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "StorageConstants.DefaultTenantId"),
                new SourceFile("src/ControlPlane/Zones/PlanFacts.cs", string.Concat(Enumerable.Repeat("QuerySession()\n", 7))),
            ],
            new SourceFile("src/ControlPlane/Vpcs/VpcRoutes.cs", "await using var session = store.QuerySession(caller.Account);"),
            new SourceFile("src/ControlPlane/Zones/PlanFacts.cs", "QuerySession()\nQuerySession()")),
    ];

    private static IEnumerable<string> Crossings(SourceFile file)
    {
        if (!file.IsCode || !file.Under("src")) yield break;
        var lines = file.Lines.Count(l => CrossingPattern().IsMatch(l));
        var (allowed, why) = Allowed.GetValueOrDefault(file.Path, (0, "nobody named this file"));
        if (lines > allowed) yield return $"{lines} lines cross tenants, {allowed} may ({why})";
    }

    [GeneratedRegex(@"\bAnyTenant\(|\bTenantIsOneOf\(|\b(?:Query|Lightweight|Identity|DirtyTracked)?Session\(\)|\bDefaultTenantId\b|\bForTenant\(")] private static partial Regex CrossingPattern();
}
