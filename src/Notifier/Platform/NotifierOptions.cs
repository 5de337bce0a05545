using System.Net;
using Npgsql;
using PrivateLinkCloud.Notifier.Deliveries;

namespace PrivateLinkCloud.Notifier.Platform;

/// <summary>Every knob, with its default; <c>deploy/notifier.default.jsonc</c> gives units and reasons (a test holds the two together).</summary>
public sealed record NotifierOptions(DatabaseOptions Database, BrokerOptions Broker, DeliveryOptions Delivery)
{
    /// <exception cref="InvalidOperationException">The first thing wrong, as a sentence for the operator.</exception>
    public static NotifierOptions Read(IConfiguration configuration)
    {
        var options = new NotifierOptions(
            configuration.GetSection("Database").Get<DatabaseOptions>(Known) ?? new(),
            configuration.GetSection("Broker").Get<BrokerOptions>(Known) ?? new(),
            configuration.GetSection("Delivery").Get<DeliveryOptions>(Known) ?? new());
        var fault = options.Database.Fault() ?? options.Broker.Fault() ?? options.Delivery.Fault();
        return fault is null ? options : throw new InvalidOperationException(fault);
    }

    /// <summary>A file is the notifier's alone (<c>Logging</c> is .NET's): a section it does not know is a typing mistake. The environment may hold others'.</summary>
    /// <exception cref="InvalidOperationException">It has such a section.</exception>
    public static void RefuseUnknownSections(IConfiguration file)
    {
        string[] known = [nameof(Database), nameof(Broker), nameof(Delivery), "Logging"];
        if (file.GetChildren().Select(s => s.Key).Except(known, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } unknown)
            throw new InvalidOperationException($"The configuration file has a section '{unknown}'. There are {string.Join(", ", known)}.");
    }

    /// <summary>A knob that does not exist is a typing mistake, not something to pass over.</summary>
    private static void Known(BinderOptions binder) => binder.ErrorOnUnknownConfiguration = true;
}

/// <summary>Where the schema <c>delivery</c> is.</summary>
public sealed record DatabaseOptions
{
    public string ConnectionString { get; init; } = "";
    public int Connections { get; init; } = 16;

    /// <summary>Connections are not reset between uses: nothing here changes a session.</summary>
    public NpgsqlDataSource Open() => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = Connections, ApplicationName = "plc-notifier", NoResetOnClose = true });

    public string? Fault()
    {
        if (Connections is < 2 or > 1000) return "Database:Connections must be between 2 and 1000.";
        try
        {
            return ConnectionString.Length == 0 || new NpgsqlConnectionStringBuilder(ConnectionString).Host is null
                ? "Set Database:ConnectionString (in the environment: Database__ConnectionString) to the PostgreSQL that holds the schema 'delivery'." : null;
        }
        catch (ArgumentException e)
        {
            return $"Database:ConnectionString: {e.Message}";
        }
    }
}

/// <summary>Where due notifications come from.</summary>
public sealed record BrokerOptions
{
    public string Host { get; init; } = "127.0.0.1";
    public ushort Port { get; init; } = 5672;
    public string VirtualHost { get; init; } = "/";
    public string Username { get; init; } = "guest";
    public string Password { get; init; } = "guest";
    public ushort Prefetch { get; init; } = 64;

    public string? Fault() => Host.Length == 0 || Port == 0 ? "Broker:Host and Broker:Port must name the RabbitMQ to consume from."
        : Prefetch == 0 ? "Broker:Prefetch must be at least 1: 0 would mean without bound." : null;
}

/// <summary>How webhooks are sent, and where they may go.</summary>
public sealed record DeliveryOptions
{
    public string ScheduleSeconds { get; init; } = DeliverySchedule.Default;
    public double LongestRetryAfterSeconds { get; init; } = 86400;
    public double TimeoutSeconds { get; init; } = 15;
    public double LeaseSeconds { get; init; } = 45;
    public double PollSeconds { get; init; } = 1;
    public int Concurrency { get; init; } = 256;
    public int ConcurrencyPerDestination { get; init; } = 4;
    public int AnswerBytes { get; init; } = 1024;
    public IReadOnlyList<string> AllowedPrivateDestinations { get; init; } = [];

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);
    public TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);
    public TimeSpan Poll => TimeSpan.FromSeconds(PollSeconds);

    /// <exception cref="FormatException">See <see cref="DeliverySchedule.Parse"/>.</exception>
    public DeliverySchedule Schedule() => DeliverySchedule.Parse(ScheduleSeconds, TimeSpan.FromSeconds(LongestRetryAfterSeconds));

    /// <exception cref="FormatException">Something in the list is not a CIDR.</exception>
    public IReadOnlyList<IPNetwork> AllowedNetworks() => [.. AllowedPrivateDestinations.Select(Network)];

    public string? Fault()
    {
        try
        {
            _ = Schedule();
            _ = AllowedNetworks();
        }
        catch (FormatException e)
        {
            return $"Delivery: {e.Message}";
        }
        if (TimeoutSeconds is not (> 0 and <= 300)) return "Delivery:TimeoutSeconds must be above 0 and at most 300.";
        if (!(LeaseSeconds >= 2 * TimeoutSeconds)) return "Delivery:LeaseSeconds must be at least twice Delivery:TimeoutSeconds, or a slow attempt is made twice.";
        if (PollSeconds is not (> 0 and <= 60)) return "Delivery:PollSeconds must be above 0 and at most 60.";
        if (LongestRetryAfterSeconds is not (>= 0 and <= 604800)) return "Delivery:LongestRetryAfterSeconds must be between 0 and 604800 (a week).";
        if (Concurrency < 1 || ConcurrencyPerDestination < 1) return "Delivery:Concurrency and Delivery:ConcurrencyPerDestination must be at least 1.";
        return AnswerBytes is < 0 or > 65536 ? "Delivery:AnswerBytes must be between 0 and 65536." : null;
    }

    /// <summary>Host bits are refused, not cut off: who writes 10.0.0.1/8 may mean one host, and would open sixteen million.</summary>
    private static IPNetwork Network(string cidr) => IPNetwork.TryParse(cidr, out var network) && network.BaseAddress.Equals(IPAddress.Parse(cidr.Split('/')[0])) ? network
        : throw new FormatException($"'{cidr}' is not a CIDR whose host bits are zero. Write AllowedPrivateDestinations like [\"10.20.0.0/16\", \"127.0.0.1/32\"].");
}
