using System.Collections.Immutable;

namespace PrivateLinkCloud.Dns;

/// <summary>For every proper ancestor of the stored names, how many of them lie below it. Counts, so that removing a name is as cheap as adding it.</summary>
internal static class BranchCounts
{
    public static ImmutableDictionary<string, int> Of(IEnumerable<string> names)
    {
        var counts = ImmutableDictionary.CreateBuilder<string, int>();
        foreach (var name in names) Add(counts, name, 1);
        return counts.ToImmutable();
    }

    public static ImmutableDictionary<string, int> Add(ImmutableDictionary<string, int> counts, string name, int delta)
    {
        var builder = counts.ToBuilder();
        Add(builder, name, delta);
        return builder.ToImmutable();
    }

    private static void Add(ImmutableDictionary<string, int>.Builder counts, string name, int delta)
    {
        for (var dot = name.IndexOf('.'); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            var ancestor = name[(dot + 1)..];
            var count = counts.GetValueOrDefault(ancestor) + delta;
            if (count > 0) counts[ancestor] = count;
            else counts.Remove(ancestor);
        }
    }
}
