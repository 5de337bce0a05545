using System.Security.Cryptography;

namespace PrivateLinkCloud.Lab;

/// <summary>The provider's real servers, each on an instance of its own in the provider's VPC: a page server and a PostgreSQL (not the
/// product's) per zone.</summary>
public sealed class Targets(LabDirectory directory, LabProcesses processes)
{
    public const int HttpPort = 80, PostgresPort = 5432;
    public const string Database = "shop", User = "shop";

    public string Password { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    public void StartPages(Instance instance, string zoneId) =>
        processes.Start($"target-page-{zoneId}", instance.Run(Commands.Dotnet, directory.Program("Lab"), "serve-page", instance.Address, $"{HttpPort}", zoneId));

    /// <summary>Makes one cluster with one table per zone: initdb once, then copies of it.</summary>
    public async Task PrepareDatabasesAsync(CancellationToken ct)
    {
        // mkdir refuses what is there already: in /var/tmp anybody could have put something of that name before us.
        await Commands.RunAsync(["mkdir", "-m", "700", directory.TargetDatabases], ct: ct);
        await Commands.RunAsync(["chown", "postgres:postgres", directory.TargetDatabases], ct: ct);
        var first = Data(Product.ZoneIds[0]);
        var secret = Path.Combine(directory.TargetDatabases, "secret");
        await Commands.RunAsync(["install", "-m", "600", "-o", "postgres", "/dev/stdin", secret], input: Password + "\n", ct: ct);
        await Commands.RunAsync([.. AsPostgres, Bin("initdb"), "-D", first, "-U", "postgres", "-A", "scram-sha-256", $"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], ct: ct);
        await File.AppendAllTextAsync(Path.Combine(first, "postgresql.conf"), "unix_socket_directories = ''\ndynamic_shared_memory_type = mmap\n", ct);
        // Whoever comes through the private link shows the address of a load balancer's node.
        await File.AppendAllTextAsync(Path.Combine(first, "pg_hba.conf"), $"host {Database} {User} 10.0.0.0/16 scram-sha-256\n", ct);
        await SingleUserAsync(first, "postgres", $"create role {User} login password '{Password}';\ncreate database {Database} owner {User};\n", ct);
        await SingleUserAsync(first, Database, $"create table stock (item text primary key, quantity int not null);\ninsert into stock values ('bolt', 40), ('nut', 60), ('washer', 80);\nalter table stock owner to {User};\n", ct);
        foreach (var zoneId in Product.ZoneIds.Skip(1)) await Commands.RunAsync(["cp", "-a", first, Data(zoneId)], ct: ct);
    }

    public void StartDatabase(Instance instance, string zoneId) =>
        processes.Start($"target-postgres-{zoneId}", instance.Run([.. AsPostgres, Bin("postgres"), "-D", Data(zoneId), "-h", instance.Address, "-p", $"{PostgresPort}"]));

    /// <summary>PostgreSQL's interlock is a System V segment that a killed server leaves in the kernel; the seventh line of its lock file names it.</summary>
    public static async Task RemoveDatabasesAsync(LabDirectory directory)
    {
        if (!Directory.Exists(directory.TargetDatabases)) return;
        foreach (var lockFile in Directory.GetFiles(directory.TargetDatabases, "postmaster.pid", SearchOption.AllDirectories))
            if (File.ReadLines(lockFile).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var segment])
                await Commands.TryAsync(["ipcrm", "-m", segment]);
        Directory.Delete(directory.TargetDatabases, recursive: true);
    }

    private string Data(string zoneId) => Path.Combine(directory.TargetDatabases, zoneId);

    private static readonly IReadOnlyList<string> AsPostgres = ["env", "-i", "-C", "/", "LANG=C.UTF-8", "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"];

    private static string Bin(string program) =>
        Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => double.TryParse(Path.GetFileName(d), out var v) ? v : 0).Select(d => Path.Combine(d, "bin", program)).First(File.Exists);

    private static async Task SingleUserAsync(string data, string database, string sql, CancellationToken ct) =>
        await Commands.RunAsync([.. AsPostgres, Bin("postgres"), "--single", "-D", data, database], input: sql, ct: ct);
}
