namespace PrivateLinkCloud.DataPlane;

/// <summary>Who refers to a key: node → its doors, target group → its nodes. Not thread-safe; the relay's gate guards it.</summary>
internal sealed class KeyIndex
{
    private readonly Dictionary<string, SortedSet<string>> members = [];

    public void Add(string key, string member)
    {
        if (!members.TryGetValue(key, out var set)) members[key] = set = new(StringComparer.Ordinal);
        set.Add(member);
    }

    public void Remove(string key, string member)
    {
        if (members.TryGetValue(key, out var set) && set.Remove(member) && set.Count == 0) members.Remove(key);
    }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyCollection<string> Of(string key) => members.TryGetValue(key, out var set) ? set : [];
}
