using System.Globalization;
using System.Runtime.InteropServices;
using PrivateLinkCloud.Lab.Story;

namespace PrivateLinkCloud.Lab;

/// <summary>One life of a lab: up, the walk, standing until told to end, down.</summary>
public static class LabRun
{
    /// <returns>0 when the walk was walked (and everything removed), else 1.</returns>
    public static async Task<int> RunAsync(LabDirectory directory, bool once)
    {
        using var held = directory.Lock();
        directory.Prepare();
        directory.RecordOurselves();
        using var stop = new StopSignals();
        var narrator = new Narrator(Console.Out);
        var walked = false;
        try
        {
            await StandAsync(directory, narrator, once, () => walked = true, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            if (!walked) await Console.Error.WriteLineAsync($"Ended from outside while {narrator.Step}.");
        }
        catch (Exception failure) // whatever it is: what was started must be ended
        {
            await Console.Error.WriteLineAsync($"Failed while {narrator.Step}:\n  {failure.Message}");
            if (failure is not LabException) directory.KeepTrace(failure);
        }
        var failed = !walked && !stop.Token.IsCancellationRequested;
        if (failed) await Console.Error.WriteLineAsync($"The logs stay in {directory.Logs} until the next start or `deploy/lab.sh down`.");
        var complaints = await Teardown.RunAsync(directory, keepLogs: failed);
        foreach (var complaint in complaints) await Console.Error.WriteLineAsync($"Not removed: {complaint}");
        return walked && complaints.Count == 0 ? 0 : 1;
    }

    private static async Task StandAsync(LabDirectory directory, Narrator narrator, bool once, Action walked, CancellationToken ct)
    {
        await using var surroundings = new Surroundings(TimeProvider.System);
        await surroundings.StartAsync();
        using var port = new FreePort(WantedPort());
        var api = new Uri($"http://127.0.0.1:{port.Port}");
        var processes = new LabProcesses(directory);
        await StartProductAsync(directory, processes, surroundings, port.Port, api, narrator, ct);

        using var story = new WalkStory(directory, processes, surroundings, api, narrator);
        var outcome = await story.TellAsync(ct);
        processes.RequireAlive();
        LabFiles.Of(outcome, directory, processes, surroundings, api).Write(directory.LabJson);
        walked();
        foreach (var line in outcome.Report()) narrator.Say(line);
        narrator.Say(outcome.LastLine);
        if (once) return;

        foreach (var line in HowToGoOn(outcome, directory, api)) narrator.Say(line);
        await processes.WatchAsync(narrator.Say, ct);
    }

    private static async Task StartProductAsync(LabDirectory directory, LabProcesses processes, Surroundings surroundings, int port, Uri api, Narrator narrator, CancellationToken ct)
    {
        narrator.Begin("starting PostgreSQL and RabbitMQ");
        var product = new Product(directory, processes, surroundings);
        var (postgres, rabbitmq) = await StartComponentsAsync(directory, product, ct);
        narrator.Tell("lab", "a PostgreSQL and a RabbitMQ of our own, on free loopback ports");

        narrator.Begin("starting the product");
        product.StartControlPlanes(postgres, rabbitmq, port);
        product.StartAgents(rabbitmq, api);
        product.StartNotifier(postgres, rabbitmq);
        await RequireHealthyAsync(api, processes, ct);
        narrator.Tell("lab", $"2 control planes answer at {api}; 2 zone agents in each of {string.Join(" and ", Product.ZoneIds)}; 1 notifier");
    }

    /// <summary>The schema is made while the broker starts.</summary>
    private static async Task<(IReadOnlyDictionary<string, string> Postgres, IReadOnlyDictionary<string, string> Rabbitmq)> StartComponentsAsync(LabDirectory directory, Product product, CancellationToken ct)
    {
        var rabbitmq = PrivateComponents.UpAsync(directory, PrivateComponents.Rabbitmq, ct);
        try
        {
            var postgres = await PrivateComponents.UpAsync(directory, PrivateComponents.Postgres, ct);
            await product.MigrateAsync(postgres, ct);
            return (postgres, await rabbitmq);
        }
        finally
        {
            // Nobody tears down what is still being put up.
            await ((Task)rabbitmq).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RequireHealthyAsync(Uri api, LabProcesses processes, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = api, Timeout = TimeSpan.FromSeconds(2) };
        var healthy = await Until.TrueAsync(async () =>
        {
            processes.RequireAlive();
            try
            {
                return (await http.GetAsync(new Uri("/health", UriKind.Relative), ct)).IsSuccessStatusCode;
            }
            catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !ct.IsCancellationRequested))
            {
                return false; // not there yet
            }
        }, TimeSpan.FromSeconds(120), ct);
        if (!healthy) throw new LabException("The API is not ready after 120 s. See control-plane-1.log");
    }

    private static int WantedPort() =>
        Environment.GetEnvironmentVariable("PLC_LAB_API_PORT") is not { Length: > 0 } text ? 0
        : int.TryParse(text, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536 ? port
        : throw new LabException($"PLC_LAB_API_PORT is '{text}'; use a port from 1 to 65535, or unset it to get a free one.");

    private static IEnumerable<string> HowToGoOn(WalkOutcome outcome, LabDirectory directory, Uri api) =>
    [
        "",
        $"The API is at {api}v1 (OpenAPI: {api}openapi/v1.json); tokens, names and process ids are in {directory.LabJson}.",
        "Try from another terminal:",
        $"  deploy/lab.sh exec consumer -- curl http://{Provider.PrivateName}/",
        $"  deploy/lab.sh exec consumer -- getent hosts {outcome.Endpoint.RegionalName}",
        $"  deploy/lab.sh exec consumer -- psql 'postgresql://{Targets.User}:{outcome.StorePassword}@{Provider.PrivateName}/{Targets.Database}' -c 'table stock'",
        "Ctrl-C ends the lab and removes everything.",
    ];

    /// <summary>Ctrl-C, a polite end from outside and a closed terminal all mean: end in order.</summary>
    private sealed class StopSignals : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<PosixSignalRegistration> _registrations;

        public StopSignals() => _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, context =>
        {
            context.Cancel = true;
            _stop.Cancel();
        }))];

        public CancellationToken Token => _stop.Token;

        public void Dispose()
        {
            foreach (var registration in _registrations) registration.Dispose();
            _stop.Dispose();
        }
    }
}
