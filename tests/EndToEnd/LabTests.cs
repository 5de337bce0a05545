using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>The README's commands, run as a reader would run them. They need root, as the lab does.</summary>
public sealed partial class LabTests : IDisposable
{
    /// <summary>Includes building the product, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly LabCommand _lab = new();
    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public LabTests() => _deadline.CancelAfter(Patience);

    private CancellationToken Ct => _deadline.Token;

    [Fact]
    public async Task The_lab_walks_once_tells_every_station_and_leaves_nothing()
    {
        RequireRoot();
        var outcome = await _lab.RunAsync("deploy/lab.sh --once", Ct);
        Assert.True(outcome.Status == 0, outcome.ToString());
        Assert.Matches(@"^accept → first byte: \d+ ms$", outcome.LastLine);
        var told = StationLine().Matches(outcome.Output).Select(m => (Number: m.Groups[1].Value, File: m.Groups[2].Value)).ToList();
        Assert.Equal(ReadmeStations(), told);
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task A_lab_killed_half_way_starts_again_stands_and_ends_after_everything_was_killed()
    {
        RequireRoot();
        using (var half = _lab.Start("deploy/lab.sh"))
        {
            await ReadUntilAsync(half, "control planes answer");
            KillAll();
        }
        using var lab = _lab.Start("deploy/lab.sh");
        await ReadUntilAsync(lab, "accept → first byte");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_lab.LabJson, Ct));
        await RequireUsableAsync(json.RootElement);
        await RunReadmeCommandsAsync();

        var second = await _lab.RunAsync("deploy/lab.sh", Ct);
        Assert.Equal(1, second.Status);
        Assert.Contains("stands", second.Errors, StringComparison.Ordinal);

        // What finds nothing at the end must find everything now.
        _lab.Processes();
        foreach (var place in (string[])["/run/netns/", "/etc/netns/", "/var/tmp/", "/run/lock/", "process ", "segment ", _lab.Lab])
            Assert.Contains(_lab.Leftovers(), l => l.StartsWith(place, StringComparison.Ordinal));
        KillAll();
        Assert.Empty(_lab.Processes());
        for (var twice = 0; twice < 2; twice++)
        {
            var down = await _lab.RunAsync("deploy/lab.sh down", Ct);
            Assert.True(down.Status == 0, down.ToString());
            Assert.Empty(_lab.Leftovers());
        }
    }

    [Fact]
    public async Task Ctrl_C_ends_a_standing_lab_in_order_and_leaves_nothing_outside_of_a_closed_directory_either()
    {
        RequireRoot();
        _lab.CloseParent();
        using var lab = _lab.Start("deploy/lab.sh");
        await ReadUntilAsync(lab, "Ctrl-C ends the lab");
        Assert.Contains(_lab.ComponentHomes + "-postgres", _lab.Leftovers());
        await _lab.RunAsync($"kill -INT {lab.Id}", Ct);
        await lab.WaitForExitAsync(Ct);
        Assert.True(lab.ExitCode == 0, await lab.StandardError.ReadToEndAsync(Ct));
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task Ctrl_C_while_the_lab_still_makes_databases_leaves_nothing()
    {
        RequireRoot();
        using var lab = _lab.Start("deploy/lab.sh");
        await ReadUntilAsync(lab, "control planes answer");
        await _lab.RunAsync($"kill -INT {lab.Id}", Ct);
        await lab.WaitForExitAsync(Ct);
        Assert.Contains("Ended from outside", await lab.StandardError.ReadToEndAsync(Ct), StringComparison.Ordinal);
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task A_failure_nobody_foresaw_is_one_sentence_and_everything_is_ended()
    {
        RequireRoot();
        using var lab = _lab.Start("deploy/lab.sh");
        await ReadUntilAsync(lab, "control planes answer");
        // They take flows and never answer: the lab's HTTP client gives up by itself, which looks like a cancellation.
        var processes = await File.ReadAllLinesAsync(Path.Combine(_lab.Lab, "processes"), Ct);
        foreach (var controlPlane in processes.Where(l => l.StartsWith("control-plane", StringComparison.Ordinal)))
            await _lab.RunAsync($"kill -STOP {controlPlane.Split(' ')[1]}", Ct);
        await lab.WaitForExitAsync(Ct);
        var said = await lab.StandardError.ReadToEndAsync(Ct);
        Assert.Equal(1, lab.ExitCode);
        Assert.Matches("(?m)^Failed while ", said); // a fresh checkout is built first, and says so
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
        Assert.Equal([_lab.Lab], _lab.Leftovers()); // its logs
        await _lab.RunAsync("deploy/lab.sh down", Ct);
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task What_a_teardown_leaves_that_was_killed_at_its_very_end_is_removed_too()
    {
        RequireRoot();
        foreach (var part in (string[])["app.old/Lab", "app.new/ZoneAgent", "logs"]) Directory.CreateDirectory(Path.Combine(_lab.Lab, part));
        await File.WriteAllTextAsync(Path.Combine(_lab.Lab, "lock"), "", Ct);
        var down = await _lab.RunAsync("deploy/lab.sh down", Ct);
        Assert.True(down.Status == 0, down.ToString());
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task Without_root_the_lab_says_what_it_needs()
    {
        RequireRoot(); // to become somebody who is not
        var copy = Directory.CreateTempSubdirectory("plc-labtest-");
        try
        {
            File.SetUnixFileMode(copy.FullName, (UnixFileMode)0b111_101_101);
            File.Copy(Path.Combine(LabCommand.Checkout, "deploy/lab.sh"), Path.Combine(copy.FullName, "lab.sh"));
            var outcome = await _lab.RunAsync($"setpriv --reuid=65534 --regid=65534 --clear-groups {copy.FullName}/lab.sh --once", Ct);
            Assert.Equal(1, outcome.Status);
            Assert.Contains("takes root. Run: sudo deploy/lab.sh --once", outcome.Errors, StringComparison.Ordinal);
            Assert.Single(outcome.Errors.TrimEnd().Split('\n'));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_gets_a_sentence_and_nothing_stays()
    {
        RequireRoot();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var outcome = await _lab.RunAsync("deploy/lab.sh --once", Ct, ("PLC_LAB_API_PORT", $"{port}"));
        Assert.Equal(1, outcome.Status);
        Assert.Contains($"Port {port} of 127.0.0.1 cannot be had", outcome.Errors, StringComparison.Ordinal);
        var down = await _lab.RunAsync("deploy/lab.sh down", Ct);
        Assert.True(down.Status == 0, down.ToString());
        Assert.Empty(_lab.Leftovers());
    }

    [Fact]
    public async Task A_directory_with_other_things_in_it_is_left_alone()
    {
        RequireRoot();
        Directory.CreateDirectory(_lab.Lab);
        var precious = Path.Combine(_lab.Lab, "thesis.tex");
        await File.WriteAllTextAsync(precious, "years of work", Ct);
        var start = await _lab.RunAsync("deploy/lab.sh --once", Ct);
        Assert.Equal(1, start.Status);
        Assert.Contains("holds other things than a lab", start.Errors, StringComparison.Ordinal);
        await _lab.RunAsync("deploy/lab.sh down", Ct);
        Assert.True(File.Exists(precious));
    }

    public void Dispose()
    {
        // A test that failed half-way must not leave a lab running; one that passed leaves nothing to end.
        if (Directory.Exists(_lab.Lab))
            using (var down = _lab.Start("deploy/lab.sh down")) down.WaitForExit(TimeSpan.FromMinutes(2));
        _lab.Dispose();
        _deadline.Dispose();
    }

    /// <summary>Names, page and database, as an ordinary program in the consumer's network meets them; and the tokens really open the API.</summary>
    private async Task RequireUsableAsync(JsonElement json)
    {
        var endpoint = json.GetProperty("endpoint");
        string Text(string name) => endpoint.GetProperty(name).GetString()!;
        var network = json.GetProperty("networks").GetProperty("consumer").GetString();
        var names = endpoint.GetProperty("zonalNames").EnumerateArray().Select(n => n.GetString()!).Append(Text("regionalName")).Append(Text("privateName")).ToList();
        Assert.Equal(4, names.Count);
        foreach (var name in names)
        {
            var page = await _lab.RunAsync($"deploy/lab.sh exec {network} -- curl -s --max-time 10 http://{name}:{endpoint.GetProperty("httpPort")}/", Ct);
            Assert.True(page.Status == 0, page.ToString());
            Assert.Contains("through a private link", page.Output, StringComparison.Ordinal);
        }
        var uri = $"postgresql://{Text("postgresUser")}:{Text("postgresPassword")}@{Text("regionalName")}:{endpoint.GetProperty("postgresPort")}/{Text("postgresDatabase")}";
        var row = await _lab.RunAsync($"deploy/lab.sh exec consumer -- psql -tAc 'select sum(quantity) from stock' '{uri}'", Ct);
        Assert.True(row.Status == 0, row.ToString());
        Assert.Equal("180", row.Output.Trim());

        // Outside of the consumer's VPC the name does not exist.
        var outside = await _lab.RunAsync($"deploy/lab.sh exec provider -- getent hosts {Text("regionalName")}", Ct);
        Assert.NotEqual(0, outside.Status);

        using var http = new HttpClient { BaseAddress = new Uri(json.GetProperty("api").GetString()!) };
        foreach (var (tenant, path) in ((string, string)[])[("consumer", "interface-endpoints"), ("provider", "endpoint-connections")])
        {
            var owner = json.GetProperty("tenants").GetProperty(tenant);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/{path}/{Text("id")}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", owner.GetProperty("token").GetString());
            using var response = await http.SendAsync(request, Ct);
            Assert.Equal("available", (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("state").GetString());
        }
        foreach (var (role, count) in ((string, int)[])[("postgres", 1), ("rabbitmq", 1), ("controlPlane", 2), ("zoneAgents", 4), ("notifier", 1)])
        {
            var ids = json.GetProperty("processes").GetProperty(role).EnumerateArray().Select(i => i.GetInt32()).ToList();
            Assert.Equal(count, ids.Count);
            Assert.All(ids, id => Assert.True(Directory.Exists($"/proc/{id}"), $"{role} {id} does not run"));
        }
    }

    /// <summary>Every command of the README that a standing lab can take; what starts or ends one, or runs these tests, is run elsewhere here.</summary>
    private async Task RunReadmeCommandsAsync()
    {
        string[] elsewhere = ["deploy/lab.sh", "tests/run.sh", "deploy/lab.sh down"];
        var commands = ReadmeCommands();
        Assert.Subset(commands.ToHashSet(), elsewhere.ToHashSet());
        Assert.True(File.Exists(Path.Combine(LabCommand.Checkout, "tests/run.sh")));
        foreach (var command in commands.Except(elsewhere))
        {
            var outcome = await _lab.RunAsync(command, Ct);
            Assert.True(outcome.Status == 0 && outcome.Output.Length > 0, $"{command}: {outcome}");
        }
    }

    /// <summary>Ends everything of this lab without a chance to clean up, the lab itself first.</summary>
    private void KillAll()
    {
        for (var again = true; again;)
        {
            again = false;
            foreach (var id in _lab.Processes())
            {
                try
                {
                    using var process = Process.GetProcessById(id);
                    process.Kill();
                    again |= !process.WaitForExit(TimeSpan.FromSeconds(5));
                }
                catch (Exception e) when (e is ArgumentException or InvalidOperationException)
                {
                    // it ended with its parent
                }
            }
        }
    }

    private async Task ReadUntilAsync(Process lab, string text)
    {
        var seen = "";
        while (await lab.StandardOutput.ReadLineAsync(Ct) is { } line)
        {
            seen += line + "\n";
            if (line.Contains(text, StringComparison.Ordinal)) return;
        }
        Assert.Fail($"the lab ended without saying '{text}':\n{seen}{await lab.StandardError.ReadToEndAsync(Ct)}");
    }

    private static void RequireRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "the lab needs root: it makes network namespaces");

    private static string Readme => File.ReadAllText(Path.Combine(LabCommand.Checkout, "README.md"));

    private static List<string> ReadmeCommands() =>
        [.. Fence().Matches(Readme).SelectMany(f => f.Groups[1].Value.Split('\n')).Where(l => l.StartsWith("deploy/", StringComparison.Ordinal) || l.StartsWith("tests/", StringComparison.Ordinal)).Select(l => l.Split(" #")[0].TrimEnd())];

    private static List<(string Number, string File)> ReadmeStations() =>
        [.. ReadmeRow().Matches(Readme).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

    [GeneratedRegex(@"^ ?(\d+)  ([A-Za-z]\S*)", RegexOptions.Multiline)] private static partial Regex StationLine();
    [GeneratedRegex(@"^\| (\d+) \| `src/([^`]+)`", RegexOptions.Multiline)] private static partial Regex ReadmeRow();
    [GeneratedRegex("^```\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)] private static partial Regex Fence();
}
