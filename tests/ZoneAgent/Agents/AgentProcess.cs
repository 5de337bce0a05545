using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using PrivateLinkCloud.ZoneAgent.Tests.Fabric;

namespace PrivateLinkCloud.ZoneAgent.Tests.Agents;

/// <summary>The product's own executable, started as an operator would.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private AgentProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) _output.Enqueue(line.Data); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) _errors.Enqueue(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Errors => string.Join('\n', _errors);

    public string Output => string.Join('\n', _output);

    public static AgentProcess Start(HostFixture host, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "PrivateLinkCloud.ZoneAgent.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Agent__Instance"] = host.Names.Instance;
        start.Environment["Agent__Fabric__RuntimeDirectory"] = host.Names.RuntimeDirectory;
        start.Environment["Agent__Fabric__LockDirectory"] = host.Names.LockDirectory;
        return new AgentProcess(Process.Start(start)!);
    }

    /// <summary>The agent's records with this event id, each as its JSON.</summary>
    public IReadOnlyList<JsonElement> Records(int eventId) =>
        [.. _output.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).Where(record => record.GetProperty("EventId").GetInt32() == eventId)];

    public async Task<JsonElement> Record(int eventId, Func<JsonElement, bool>? which = null)
    {
        var found = default(JsonElement);
        await Eventually.True(() =>
        {
            var records = Records(eventId).Where(record => which is null || which(record.GetProperty("State"))).ToList();
            if (records.Count > 0) found = records[0];
            return records.Count > 0 || _process.HasExited;
        }, $"record {eventId}");
        Assert.False(found.ValueKind == JsonValueKind.Undefined, $"the agent ended without record {eventId}: {Errors}\n{Output}");
        return found;
    }

    public async Task<int> Exit()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public void Kill()
    {
        if (!_process.HasExited) _process.Kill(); // SIGKILL
        _process.WaitForExit();
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }
}
