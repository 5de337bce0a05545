using System.Diagnostics;
using System.Globalization;

namespace PrivateLinkCloud.Lab;

/// <summary>Says what happens, and remembers which step is under way, so that a failure can be told with its step.</summary>
public sealed class Narrator(TextWriter output)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public string Step { get; private set; } = "getting ready";

    public void Begin(string step) => Step = step;

    public void Say(string line) => output.WriteLine(line);

    /// <summary>A line of the way up, with the time since the lab began.</summary>
    public void Tell(string who, string what) => Say(string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,5:0.0} s  {who,-9} {what}"));
}
