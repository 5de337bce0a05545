using System.Runtime.CompilerServices;

namespace PrivateLinkCloud.Dns;

/// <summary>
/// Whose turn it is to be first, per name (S-37). One counter per name, because a shared one falls into step with clients that ask for
/// two names by turns. Counters live as long as the view's <see cref="ViewName"/>; a new one starts anew, which hurts nobody. Thread safe.
/// </summary>
public sealed class AnswerRotation
{
    private readonly ConditionalWeakTable<ViewName, StrongBox<int>> turns = [];

    public uint Next(ViewName name) => (uint)Interlocked.Increment(ref turns.GetValue(name, static _ => new StrongBox<int>(-1)).Value);
}
