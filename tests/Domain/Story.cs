using System.Text.Json;

namespace PrivateLinkCloud.Domain.Tests;

/// <summary>
/// Given events, when a command, then events or a refusal. The given events are folded by the aggregate's own <c>Evolve</c>, so a story
/// cannot start from a state that no events lead to.
/// </summary>
public sealed record Story<T>(Func<T?, object, Decision> Law, T? State) where T : class, IFold<T>
{
    public Story<T> Given(params IReadOnlyList<object> events) => this with { State = events.Aggregate(State, T.Evolve) };

    /// <summary>Asks the law, and asks again once the answer is stored: whatever the command, the second run yields no events.</summary>
    public Outcome When(object command)
    {
        var decision = Law(State, command);
        var after = decision.Events.Aggregate(State, T.Evolve);
        if (decision.Events.Count > 0) Assert.Equal([], Law(after, command).Events.Select(Outcome.Text));
        return new Outcome(decision, after);
    }
}

/// <summary>What a command came to.</summary>
public sealed record Outcome(Decision Decision, object? After)
{
    /// <summary>Exactly these events. Compared as text, because records compare their lists by reference, and because the difference is readable.</summary>
    public Outcome Then(params IReadOnlyList<object> events)
    {
        Assert.Null(Decision.Rejection);
        Assert.Equal(events.Select(Text), Decision.Events.Select(Text));
        return this;
    }

    /// <summary>Success without events: the wish was true already.</summary>
    public Outcome ThenNothing() => Then();

    public Outcome ThenRefused(string code, RejectionKind kind = RejectionKind.Invalid)
    {
        Assert.Equal((kind, code), (Decision.Rejection?.Kind, Decision.Rejection?.Code));
        Assert.Empty(Decision.Events);
        Assert.Empty(Decision.Claims);
        Assert.EndsWith(".", Decision.Rejection!.Reason, StringComparison.Ordinal); // a sentence that says what to do
        return this;
    }

    /// <summary>The refusal's sentence holds this.</summary>
    public Outcome Saying(string part)
    {
        Assert.Contains(part, Decision.Rejection!.Reason, StringComparison.Ordinal);
        return this;
    }

    public Outcome Claiming(params IReadOnlyList<(string Scope, string Key, string Owner)> claims)
    {
        Assert.Equal(claims.Order(), Decision.Claims.Select(c => (c.Scope, c.Key, c.Owner)).Order());
        return this;
    }

    public Outcome Releasing(params IReadOnlyList<(string Scope, string? Key, string Owner)> releases)
    {
        Assert.Equal(releases.Order(), Decision.Releases.Order());
        return this;
    }

    public Outcome UnlessUsed(params IReadOnlyList<(string Scope, string Code)> scopes)
    {
        Assert.Equal(scopes, Decision.Unused.Select(u => (u.Scope, u.InUse.Code)));
        return this;
    }

    internal static string Text(object @event) => $"{@event.GetType().Name} {JsonSerializer.Serialize(@event, @event.GetType())}";
}
