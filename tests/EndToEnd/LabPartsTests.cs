using PrivateLinkCloud.Lab;

namespace PrivateLinkCloud.EndToEnd.Tests;

/// <summary>The lab judges the product, so what it judges by is checked against the outside: the signature against the standard's own
/// example, the records against lines as .NET's JSON console writes them.</summary>
public sealed class LabPartsTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek", Timestamp = "1614265330", Body = """{"test": 2432232314}""";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    [Fact]
    public void The_receiver_believes_the_example_of_Standard_Webhooks() =>
        Assert.True(Receiver(0).IsSigned(Id, Timestamp, Body, "v1,bm9uZSBvZiBpdA== " + Signature));

    [Theory]
    [InlineData("msg_other", Timestamp, Body, Signature)]
    [InlineData(Id, "1614265331", Body, Signature)]
    [InlineData(Id, Timestamp, """{"test": 2432232315}""", Signature)]
    [InlineData(Id, Timestamp, Body, "v1,")]
    [InlineData(Id, "soon", Body, Signature)]
    public void The_receiver_refuses_what_was_changed(string id, string timestamp, string body, string signature) =>
        Assert.False(Receiver(0).IsSigned(id, timestamp, body, signature));

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public void The_receiver_refuses_a_message_of_another_time(int secondsLater) =>
        Assert.False(Receiver(secondsLater).IsSigned(Id, Timestamp, Body, Signature));

    [Fact]
    public void A_process_id_that_was_used_again_is_not_ours()
    {
        var started = LabProcess.StartOf(Environment.ProcessId);
        Assert.True(new LabProcess("test", Environment.ProcessId, started!.Value).IsAlive);
        Assert.False(new LabProcess("test", Environment.ProcessId, started.Value - 1).IsAlive);
    }

    [Fact]
    public void A_launched_process_is_on_record_under_the_number_it_runs_under()
    {
        using var root = new ScratchDirectory();
        var directory = new LabDirectory(root.Path, Path.Combine(LabCommand.Checkout, "deploy"));
        directory.Prepare();
        var process = new LabProcesses(directory).Start("sleeper", ["sleep", "60"]);
        try
        {
            Assert.True(SpinWait.SpinUntil(() => LabProcess.Read(directory.Records).Count == 1, TimeSpan.FromSeconds(10)));
            Assert.Equal(process, Assert.Single(LabProcess.Read(directory.Records)));
            Assert.True(process.IsAlive);
        }
        finally
        {
            process.Signal(LabProcess.Kill);
        }
    }

    [Fact]
    public async Task The_walk_is_read_from_complete_records_of_this_endpoint_and_this_command()
    {
        using var root = new ScratchDirectory();
        var directory = new LabDirectory(root.Path, Path.Combine(LabCommand.Checkout, "deploy"));
        directory.Prepare();
        var ct = TestContext.Current.CancellationToken;
        string Line(int second, int eventId, string endpoint, string command) =>
            $$"""{"Timestamp":"2026-11-23T10:00:{{second:00}}.000000Z","EventId":{{eventId}},"LogLevel":"Information","Category":"c","Message":"m{{second}}","State":{"EndpointId":"{{endpoint}}","Command":"{{command}}" } }""";
        List<string> lines = [Line(1, 1001, "vpce-1", "RequestInterfaceEndpoint"), Line(3, 1002, "vpce-2", WalkStation.Command), Line(2, 1001, "vpce-1", WalkStation.Command)];
        lines.AddRange(Enumerable.Range(1002, 9).Select(e => Line(e - 998, e, "vpce-1", e <= 1005 ? WalkStation.Command : "")));
        await File.WriteAllTextAsync(directory.Log("control-plane-1"), string.Join('\n', lines) + "\n" + Line(59, 1001, "vpce-1", WalkStation.Command)[..60], ct);

        var walk = await WalkRecords.WalkAsync(directory, "vpce-1", DateTimeOffset.Parse("2026-11-23T10:00:00Z", System.Globalization.CultureInfo.InvariantCulture), ct);

        Assert.Equal(["m2", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11", "m12"], walk.Select(w => w.Record.Message));
        Assert.All(walk, w => Assert.Equal("control-plane-1", w.Record.Process));
    }

    [Fact]
    public async Task A_cancelled_command_ends_with_all_it_started()
    {
        using var root = new ScratchDirectory();
        var ids = Path.Combine(root.Path, "ids");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = Commands.RunAsync(["bash", "-c", $"sleep 600 & echo $$ $! >{ids}.new; mv {ids}.new {ids}; wait"], ct: cancel.Token);
        Assert.True(SpinWait.SpinUntil(() => File.Exists(ids), TimeSpan.FromSeconds(10)));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.All((await File.ReadAllTextAsync(ids, TestContext.Current.CancellationToken)).Split(' '), id => Assert.Null(LabProcess.StartOf(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task A_torn_record_of_an_agent_is_a_complaint_and_not_the_end_of_the_teardown()
    {
        using var root = new ScratchDirectory();
        var directory = new LabDirectory(Path.Combine(root.Path, "lab"), Path.Combine(LabCommand.Checkout, "deploy"));
        directory.Prepare();
        await File.WriteAllTextAsync(Path.Combine(directory.Agents, "z1-1.environment.json"), """{ "Agent__Inst""", TestContext.Current.CancellationToken);
        var complaint = Assert.Single(await Teardown.RunAsync(directory, keepLogs: false));
        Assert.StartsWith("telling the agents", complaint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Root));
    }

    private static WebhookReceiver Receiver(int secondsLater) =>
        new(new StoppedClock(DateTimeOffset.FromUnixTimeSeconds(1614265330 + secondsLater))) { Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class ScratchDirectory : IDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("plc-labtest-");
        public string Path => _directory.FullName;
        public void Dispose() => _directory.Delete(recursive: true);
    }
}
