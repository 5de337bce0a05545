using System.Text.Encodings.Web;
using System.Text.Json;

namespace PrivateLinkCloud.Lab;

/// <summary>What <c>lab.json</c> tells scripts: where the API is, who may ask, what was built, and which processes run. Written when
/// the walk is done, removed when the lab ends; one that was killed leaves it to the next start or <c>down</c>.</summary>
public sealed record LabFile
{
    public required string Api { get; init; }
    public required IssuerPart Issuer { get; init; }
    public required OperatorPart Operator { get; init; }
    public required TenantsPart Tenants { get; init; }
    public required EndpointPart Endpoint { get; init; }
    public required NetworksPart Networks { get; init; }

    /// <summary>Role → process ids.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Processes { get; init; }

    public sealed record IssuerPart(string TokenEndpoint, string ClientSecret);
    public sealed record OperatorPart(string Token);
    public sealed record TenantPart(string Account, string Token, string VpcId);
    public sealed record TenantsPart(TenantPart Provider, TenantPart Consumer);

    /// <param name="Addresses">The endpoint's private addresses in the consumer's VPC, one per zone.</param>
    /// <param name="PostgresPassword">Of the provider's database, so that a script can run a query too.</param>
    public sealed record EndpointPart(string Id, string ServiceId, string RegionalName, IReadOnlyList<string> ZonalNames, string PrivateName, IReadOnlyList<string> Addresses, int HttpPort, int PostgresPort, string PostgresDatabase, string PostgresUser, string PostgresPassword);

    /// <summary>Names for <c>deploy/lab.sh exec</c>.</summary>
    public sealed record NetworksPart(string Provider, string Consumer);

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whole or not at all: a script that sees the file can read it. It holds tokens, so it is its owner's alone.</summary>
    public void Write(string path)
    {
        var half = path + ".new";
        File.Delete(half);
        using (var file = new FileStream(half, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            JsonSerializer.Serialize(file, this, Indented);
        File.Move(half, path, overwrite: true);
    }
}
