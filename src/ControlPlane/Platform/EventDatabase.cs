using Npgsql;

namespace PrivateLinkCloud.ControlPlane.Platform;

/// <summary>How the control plane connects to PostgreSQL.</summary>
public static class EventDatabase
{
    /// <summary>The server asks this often whether the client of a busy session is still there. Its default is never: the session that watches
    /// a killed leader's lock would hold the lock for a minute, and nobody would plan meanwhile.</summary>
    private const string ClientCheck = "-c client_connection_check_interval=500ms";

    public static NpgsqlDataSource Open(DatabaseSettings settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        connection.Options = string.IsNullOrEmpty(connection.Options) ? ClientCheck : $"{ClientCheck} {connection.Options}"; // the operator's own come last and win
        return NpgsqlDataSource.Create(connection);
    }
}
