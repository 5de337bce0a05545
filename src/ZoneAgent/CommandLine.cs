using Microsoft.Extensions.Configuration;

namespace PrivateLinkCloud.ZoneAgent;

/// <summary>What the agent was started to do. Whatever is no option of its own is configuration (<c>--Agent:ZoneId use1-az1</c>).</summary>
/// <param name="PlanFile">Static mode: serve this file, without any control plane.</param>
/// <param name="RemoveAll">Remove all that agents of the instance made on this host, and end.</param>
public sealed record CommandLine(string? ConfigFile, string? PlanFile, bool RemoveAll, IReadOnlyList<string> Rest)
{
    public const string Usage = "usage: zone-agent [--config FILE] [--plan FILE | --remove-all] [--Agent:KEY VALUE]…";

    /// <summary>Null when the arguments make no sense.</summary>
    public static CommandLine? Parse(IReadOnlyList<string> arguments)
    {
        var (line, rest) = (new CommandLine(null, null, false, []), new List<string>());
        for (var i = 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--config" when value is not null: line = line with { ConfigFile = value }; i++; break;
                case "--plan" when value is not null: line = line with { PlanFile = value }; i++; break;
                case "--remove-all": line = line with { RemoveAll = true }; break;
                case var other when other.StartsWith("--Agent:", StringComparison.OrdinalIgnoreCase) || other.StartsWith("--Logging:", StringComparison.OrdinalIgnoreCase):
                    rest.Add(other);
                    if (!other.Contains('=') && value is not null) rest.Add(arguments[++i]);
                    break;
                default: return null;
            }
        }
        return line with { Rest = rest };
    }

    /// <summary>The file is the weakest, the command line the strongest.</summary>
    public void AddTo(IConfigurationBuilder configuration)
    {
        if (ConfigFile is not null) configuration.AddJsonFile(Path.GetFullPath(ConfigFile), optional: false);
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine([.. Rest]);
    }
}
