using System.Text.Json;
using PrivateLinkCloud.Notifier.Platform;
using PrivateLinkCloud.Notifier.Tests.Support;

namespace PrivateLinkCloud.Notifier.Tests.Platform;

public sealed class NotifierOptionsTests
{
    [Fact]
    public void The_default_file_names_every_knob_with_its_default()
    {
        var file = JsonDocument.Parse(File.ReadAllText(Repository.File("deploy/notifier.default.jsonc")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        var defaults = JsonSerializer.SerializeToElement(new NotifierOptions(new(), new(), new()));
        foreach (var section in file.RootElement.EnumerateObject())
            Assert.Equal(Knobs(defaults.GetProperty(section.Name)), Knobs(section.Value));
        Assert.Equal(["Database", "Broker", "Delivery"], file.RootElement.EnumerateObject().Select(s => s.Name));
    }

    [Fact]
    public void Every_knob_has_a_reason_above_it()
    {
        var lines = File.ReadAllLines(Repository.File("deploy/notifier.default.jsonc"));
        for (var i = 1; i < lines.Length; i++)
            if (lines[i].StartsWith("    \"", StringComparison.Ordinal))
                Assert.True(lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{lines[i].Trim()} has no reason above it");
    }

    [Theory]
    [InlineData("""{"Deliver":{"Concurrency":5}}""", "'Deliver'")]
    [InlineData("""{"delivery":{"Concurrency":5},"Logging":{"LogLevel":{"Default":"Error"}}}""", null)]
    public void An_unknown_section_of_a_file_is_refused_by_name(string text, string? named)
    {
        var file = Path.Combine(Path.GetTempPath(), $"plc-options-{Guid.NewGuid():N}.jsonc");
        File.WriteAllText(file, text);
        try
        {
            var fault = Record.Exception(() => NotifierHost.Create([$"--config={file}", "--Database:ConnectionString=Host=127.0.0.1", "--Somebody:Elses=1"]));
            if (named is null) Assert.Null(fault);
            else Assert.Contains(named, Assert.IsType<InvalidOperationException>(fault).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_default_file_is_read_as_it_stands()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Repository.File("deploy/notifier.default.jsonc"))
            .AddInMemoryCollection([new("Database:ConnectionString", "Host=db")]).Build();
        var options = NotifierOptions.Read(file);
        Assert.Equal(new BrokerOptions(), options.Broker);
        Assert.Equal(JsonSerializer.Serialize(new DeliveryOptions()), JsonSerializer.Serialize(options.Delivery));
    }

    [Fact]
    public void Configuration_reaches_the_options()
    {
        var options = Read("Database:ConnectionString=Host=db", "Broker:Port=5673", "Delivery:ScheduleSeconds=0,1", "Delivery:AllowedPrivateDestinations:0=10.0.0.0/8", "Delivery:AllowedPrivateDestinations:1=::1/128");
        Assert.Equal(5673, options.Broker.Port);
        Assert.Equal([0, 1], options.Delivery.Schedule().Delays.Select(d => d.TotalSeconds));
        Assert.Equal(["10.0.0.0/8", "::1/128"], options.Delivery.AllowedNetworks().Select(n => n.ToString()));
    }

    [Theory]
    [InlineData("", "Database:ConnectionString")]
    [InlineData("Database:ConnectionString=Nonsense=1", "Database:ConnectionString")]
    [InlineData("Database:Connections=1", "Database:Connections")]
    [InlineData("Broker:Port=0", "Broker:Port")]
    [InlineData("Broker:Prefetch=0", "Broker:Prefetch")]
    [InlineData("Delivery:ScheduleSeconds=soon", "'soon' is not a delay")]
    [InlineData("Delivery:TimeoutSeconds=0", "TimeoutSeconds")]
    [InlineData("Delivery:TimeoutSeconds=30", "LeaseSeconds")]
    [InlineData("Delivery:Concurrency=0", "Concurrency")]
    [InlineData("Delivery:AnswerBytes=-1", "AnswerBytes")]
    [InlineData("Delivery:PollSeconds=0", "PollSeconds")]
    [InlineData("Delivery:LongestRetryAfterSeconds=-1", "LongestRetryAfterSeconds")]
    [InlineData("Delivery:AllowedPrivateDestinations:0=10.0.0.1/8", "'10.0.0.1/8' is not a CIDR")]
    [InlineData("Delivery:AllowedPrivateDestinations=10.0.0.0/8", "AllowedPrivateDestinations")] // a list, not a text
    [InlineData("Delivery:Concurency=5", "Concurency")]
    public void A_wrong_knob_is_named(string setting, string named)
    {
        var settings = setting.StartsWith("Database", StringComparison.Ordinal) || setting.Length == 0 ? [setting] : new[] { "Database:ConnectionString=Host=db", setting };
        var e = Assert.Throws<InvalidOperationException>(() => Read(settings));
        Assert.Contains(named, e.Message, StringComparison.Ordinal);
    }

    private static NotifierOptions Read(params string[] settings) => NotifierOptions.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Where(s => s.Length > 0).Select(s => s.Split('=', 2)).ToDictionary(s => s[0], s => (string?)s[1])).Build());

    /// <summary>Name and value of each knob; the properties that only convert one are objects or end in no unit, and are not in the file.</summary>
    private static List<string> Knobs(JsonElement section) =>
        [.. section.EnumerateObject().Where(p => p.Name is not ("Timeout" or "Lease" or "Poll")).Select(p => $"{p.Name}={p.Value}").Order()];
}
