using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PrivateLinkCloud.ControlPlane.Platform;

namespace PrivateLinkCloud.ControlPlane.Tests.Platform;

/// <summary>Every knob stands in <c>deploy/control-plane.default.jsonc</c> with its default and its reason, and that file is one the control plane takes.</summary>
public sealed class SettingsTests
{
    private static readonly string File = Path.Combine(ControlPlaneFixture.Root, "deploy", "control-plane.default.jsonc");

    [Fact]
    public void The_file_holds_every_knob_with_the_codes_own_default_and_no_other()
    {
        var documented = JsonNode.Parse(System.IO.File.ReadAllText(File), documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!.AsObject()
            .SelectMany(section => section.Value!.AsObject().Select(knob => $"{section.Key}:{knob.Key} = {knob.Value?.ToJsonString() ?? "null"}"));
        Assert.Equal(Knobs(new Settings()).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_knob_has_a_reason_above_it()
    {
        var lines = System.IO.File.ReadAllLines(File);
        for (var i = 1; i < lines.Length; i++)
            if (lines[i].StartsWith("    \"", StringComparison.Ordinal))
                Assert.True(lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal), $"{lines[i].Trim()} has no reason above it");
    }

    [Fact]
    public async Task The_file_can_be_given_with_config_and_is_overridden_by_the_command_line()
    {
        await using var app = Composition.Build([$"--config={File}", "--Http:Port=0", "--Database:ConnectionString=Host=127.0.0.1", "--Platform:EndpointsPerVpc=7"]);
        var settings = app.Services.GetRequiredService<Settings>();
        Assert.Equal(Knobs(new Settings { Http = new() { Port = 0 }, Database = new() { ConnectionString = "Host=127.0.0.1" }, Platform = new() { EndpointsPerVpc = 7 } }), Knobs(settings));
    }

    [Fact]
    public void An_unknown_knob_and_a_value_that_cannot_be_read_are_refused_by_name()
    {
        Assert.Contains("Colour", Assert.Throws<InvalidOperationException>(() => Read(("Platform:Colour", "red"))).Message, StringComparison.Ordinal);
        Assert.Contains("Http:Port", Assert.Throws<InvalidOperationException>(() => Read(("Http:Port", "web"))).Message, StringComparison.Ordinal);
        Assert.Equal(9, Read(("Http:Port", "9")).Http.Port);
    }

    [Theory]
    [InlineData("""{"Zone":{"DeadlineTickSeconds":1}}""", "'Zone'")]
    [InlineData("""{"Http":{"Port":0},"Region":"us-east-1"}""", "'Region'")]
    [InlineData("""{"http":{"port":0},"Logging":{"LogLevel":{"Default":"Error"}}}""", null)]
    public void An_unknown_section_of_a_file_is_refused_by_name(string text, string? named)
    {
        var file = Path.Combine(Path.GetTempPath(), $"plc-settings-{Guid.NewGuid():N}.jsonc");
        System.IO.File.WriteAllText(file, text);
        try
        {
            var fault = Record.Exception(() => Composition.Build([$"--config={file}", "--Database:ConnectionString=Host=127.0.0.1", "--Somebody:Elses=1"]));
            if (named is null) Assert.Null(fault);
            else Assert.Contains(named, Assert.IsType<InvalidOperationException>(fault).Message, StringComparison.Ordinal);
        }
        finally
        {
            System.IO.File.Delete(file);
        }
    }

    [Theory]
    [InlineData("HS256", "'HS256'")]
    [InlineData("RS256, none", "'none'")]
    [InlineData("RS256, rs256", "'rs256'")]
    [InlineData("PS512, ES384", null)]
    public void Only_signatures_that_the_issuer_alone_can_make_are_accepted(string algorithms, string? named)
    {
        var faults = new Settings { Database = new() { ConnectionString = "Host=x" }, Auth = new() { Authority = "https://issuer.example", Algorithms = algorithms } }.Faults();
        if (named is null) Assert.Empty(faults);
        else Assert.Contains(named, Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_control_plane_cannot_start_without_is_said()
    {
        Assert.Equal(2, new Settings().Faults().Count());
        Assert.Empty(new Settings { Database = new() { ConnectionString = "Host=x" }, Auth = new() { Authority = "https://issuer.example" } }.Faults());
        Assert.Contains("Auth:Algorithms", Assert.Single(new Settings { Database = new() { ConnectionString = "Host=x" }, Auth = new() { Authority = "https://issuer.example", Algorithms = " , " } }.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_accepted_algorithms_can_be_narrowed()
    {
        Assert.Equal("ES256", Read(("Auth:Algorithms", "ES256")).Auth.Algorithms);
    }

    private static Settings Read(params (string Key, string Value)[] values) =>
        Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build());

    private static IEnumerable<string> Knobs(Settings settings) =>
        from section in Writable(typeof(Settings))
        from knob in Writable(section.PropertyType)
        select $"{section.Name}:{knob.Name} = {JsonSerializer.Serialize(knob.GetValue(section.GetValue(settings)))}";

    private static IEnumerable<PropertyInfo> Writable(Type type) => type.GetProperties().Where(p => p.CanWrite);
}
