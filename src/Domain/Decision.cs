namespace PrivateLinkCloud.Domain;

/// <summary>How a refusal is to be understood; one table of the control plane turns it into an HTTP status.</summary>
public enum RejectionKind
{
    /// <summary>The wish itself makes no sense, whoever asks.</summary>
    Invalid,

    /// <summary>Not there, or not yours: the same answer, so that existence does not leak (S-01).</summary>
    NotFound,

    /// <summary>Visible to you, but not yours to do.</summary>
    Forbidden,

    /// <summary>It makes sense, but not in the present state.</summary>
    Conflict,

    /// <summary>A stated limit is reached.</summary>
    LimitExceeded,
}

/// <summary>A refusal is a value. <paramref name="Code"/> is public and stable; <paramref name="Reason"/> says what to do.</summary>
public sealed record Rejection(RejectionKind Kind, string Code, string Reason)
{
    public static Rejection NotFound(string code, string noun, string id) => new(RejectionKind.NotFound, code, $"There is no {noun} '{id}'. Check the id and the account you are signed in to.");
    public static Rejection Invalid(string code, string reason) => new(RejectionKind.Invalid, code, reason);
    public static Rejection Conflict(string code, string reason) => new(RejectionKind.Conflict, code, reason);
}

/// <summary>
/// A fact that only one owner may hold, over all aggregates and tenants: the database checks it in the transaction that stores the
/// events (<c>app.claims</c>). <paramref name="Taken"/> is the refusal the loser gets.
/// </summary>
public sealed record Claim(string Scope, string Key, string Owner, Rejection Taken)
{
    /// <summary>At most this many claims in the scope, counted under a lock; one more gets <see cref="Taken"/>. Null: no limit.</summary>
    public int? ScopeLimit { get; init; }

    /// <summary>Key and owner of the mark that <see cref="Decision.Unused"/> leaves in a scope: nothing can be claimed there any more.</summary>
    public const string ClosedMark = "#closed";
}

/// <summary>What the law made of a command: events to store (possibly none), or a refusal.</summary>
public sealed record Decision
{
    public IReadOnlyList<object> Events { get; private init; } = [];
    public Rejection? Rejection { get; private init; }

    /// <summary>Taken together with the events, or nothing is stored.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>Given up together with the events: every claim of this owner in this scope, or only the one with the key.</summary>
    public IReadOnlyList<(string Scope, string? Key, string Owner)> Releases { get; init; } = [];

    /// <summary>Refused by the database if a claim with this scope exists: "nobody may still use it". The rejection is the answer.</summary>
    public IReadOnlyList<(string Scope, Rejection InUse)> Unused { get; init; } = [];

    /// <summary>The wish was already true: success, and no events.</summary>
    public static Decision Nothing { get; } = new();
    public static Decision Of(params IReadOnlyList<object> events) => new() { Events = events };
    public static implicit operator Decision(Rejection rejection) => new() { Rejection = rejection };
}

/// <summary>An aggregate's memory: how its events fold into it. The control plane's projections call exactly this.</summary>
public interface IFold<T> where T : class, IFold<T>
{
    static abstract IReadOnlyList<Type> EventTypes { get; }
    static abstract T? Evolve(T? state, object @event);
}
