using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace PrivateLinkCloud.ZoneAgent.Tests;

public class SettingsTests
{
    private static readonly string s_defaults = Path.Combine(Root(), "deploy", "zone-agent.default.jsonc");

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "PrivateLinkCloud.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }

    private static JsonNode Documented() => JsonNode.Parse(File.ReadAllText(s_defaults), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!["Agent"]!;

    private static IEnumerable<string> Leaves(JsonNode? node, string path) => node is JsonObject o
        ? o.SelectMany(p => Leaves(p.Value, $"{path}:{p.Key}"))
        : [$"{path} = {node?.ToJsonString()}"];

    /// <summary>The file is the documentation of the settings; a knob that is in one place only, or with another default, is a lie in one of them.</summary>
    [Fact]
    public void The_documented_defaults_are_the_programs_defaults_knob_for_knob()
    {
        string[] derived = [nameof(AgentSettings.Names), nameof(AgentSettings.InstanceFault), nameof(AgentSettings.ControlPlanes), nameof(AgentSettings.Resolvers)];
        var own = new JsonObject(typeof(AgentSettings).GetProperties().Where(p => !derived.Contains(p.Name))
            .Select(p => KeyValuePair.Create(p.Name, JsonSerializer.SerializeToNode(p.GetValue(new AgentSettings())))));
        Assert.Equal(Leaves(own, "Agent").Order(StringComparer.Ordinal), Leaves(Documented(), "Agent").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_documented_file_is_read_and_lists_come_as_arrays_or_in_one_word()
    {
        var fromFile = AgentSettings.From(new ConfigurationBuilder().AddJsonFile(s_defaults).AddInMemoryCollection([new("Agent:UpstreamResolvers:0", "10.0.0.1:53")]).Build());
        Assert.Equal(["10.0.0.1:53"], fromFile.UpstreamResolvers);
        var fromWord = AgentSettings.From(new ConfigurationBuilder().AddInMemoryCollection([new("Agent:UpstreamResolvers", "10.0.0.1:53, 10.0.0.2:53")]).Build());
        Assert.Equal(["10.0.0.1:53", "10.0.0.2:53"], fromWord.UpstreamResolvers);
    }
}
