using System.Diagnostics;
using System.Net;
using Npgsql;

namespace PrivateLinkCloud.Lab.Clients;

/// <summary>What an ordinary program in the consumer's VPC does, one process each. Status 0, or 1 with a reason on standard error.</summary>
public static class SmallClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks the VPC's resolver until it answers with so many addresses; prints them, one per line.</summary>
    public static async Task<int> ResolveAsync(string resolver, string name, int count)
    {
        using var question = new DnsQuestion(new IPEndPoint(IPAddress.Parse(resolver), 53), TimeSpan.FromSeconds(1));
        IReadOnlyList<IPAddress> addresses = [];
        if (!await Until.TrueAsync(() => (addresses = question.Ask(name)).Count == count, Patience))
            return Fail($"{resolver} answers {name} with {(addresses.Count == 0 ? "no address" : string.Join(", ", addresses))}; {count} should be there");
        foreach (var address in addresses.OrderBy(a => a.ToString(), StringComparer.Ordinal)) Console.WriteLine(address);
        return 0;
    }

    /// <summary>Fetches a page like any program: through the system's resolver, which in a VPC is the VPC's.</summary>
    public static async Task<int> FetchAsync(string url)
    {
        using var http = new HttpClient { Timeout = Patience };
        try
        {
            Console.WriteLine((await http.GetStringAsync(new Uri(url))).TrimEnd());
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return Fail($"{url}: {e.Message}");
        }
    }

    /// <summary>Runs one query; prints each row with blanks between its columns.</summary>
    public static async Task<int> QueryAsync(string connectionString, string sql)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                Console.WriteLine(string.Join(' ', Enumerable.Range(0, rows.FieldCount).Select(rows.GetValue)));
            await Console.Error.WriteLineAsync($"{clock.ElapsedMilliseconds} ms");
            return 0;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return Fail($"{e.Message}");
        }
    }

    private static int Fail(string reason)
    {
        Console.Error.WriteLine(reason);
        return 1;
    }
}
