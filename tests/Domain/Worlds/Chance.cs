namespace PrivateLinkCloud.Domain.Tests;

/// <summary>xorshift64*: the same seed lives the same life on every platform and version.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed * 2685821657736338717 + 88172645463325252;

    public int Below(int limit)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((_state * 2685821657736338717 >> 33) % (ulong)limit);
    }

    public bool OneIn(int n) => Below(n) == 0;
    public T Of<T>(IReadOnlyList<T> all) => all[Below(all.Count)];
    public T? OfOrNone<T>(IReadOnlyList<T> all) where T : class => all.Count == 0 ? null : Of(all);
    public IReadOnlyList<T> Some<T>(IEnumerable<T> all) => [.. all.Where(_ => OneIn(2))];
}
