using Marten;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>What the executable can be asked to do.</summary>
public static class Commands
{
    public static async Task<int> ServeAsync(string[] args)
    {
        try
        {
            await using var app = Composition.Build(args);
            var faults = app.Services.GetRequiredService<Settings>().Faults().ToList();
            if (faults.Count > 0) throw new InvalidOperationException(string.Join(" ", faults));
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or FileNotFoundException or InvalidDataException or IOException)
        {
            // A knob is wrong or the port is taken: the sentence says which, a stack trace would not help.
            await Console.Error.WriteLineAsync($"control plane: {e.Message}{(e.InnerException is { } inner ? $" {inner.Message}" : "")}");
            return 2;
        }
    }

    /// <summary><c>migrate --migrations DIR</c>, as a role that may create schemas and roles.</summary>
    public static async Task<int> MigrateAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        using var logging = LoggerFactory.Create(Composition.Logging);
        try
        {
            await Migrations.RunAsync(configuration.GetSection("Database").Get<DatabaseSettings>() ?? new(), configuration["migrations"] ?? "migrations", logging.CreateLogger("migrations"), CancellationToken.None);
            return 0;
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync($"Migration failed: {e.Message}");
            return 1;
        }
    }

    /// <summary><c>renew-epochs</c>, after the database was restored from a backup and before a control plane serves it: revisions are counted anew
    /// from an older state, so no agent's revision means anything any more. Each fetches its whole plan once.</summary>
    public static async Task<int> RenewEpochsAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        try
        {
            await using var database = EventDatabase.Open(configuration.GetSection("Database").Get<DatabaseSettings>() ?? new());
            await using var renew = database.CreateCommand("update app.zone_revision set epoch = gen_random_uuid()");
            Console.WriteLine($"{await renew.ExecuteNonQueryAsync()} zones have a new epoch");
            return 0;
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or InvalidOperationException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"No epoch was renewed: {e.Message}");
            return 1;
        }
    }

    /// <summary>Prints the event store's schema: what <c>migrations/0001_event_store.sql</c> was made from.</summary>
    public static async Task<int> SchemaAsync(string[] args)
    {
        await using var app = Composition.Build(args);
        Console.WriteLine(((DocumentStore)app.Services.GetRequiredService<IDocumentStore>()).Storage.ToDatabaseScript());
        return 0;
    }
}
