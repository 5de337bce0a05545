namespace PrivateLinkCloud.Notifier.Deliveries;

/// <summary>How one attempt ended. Not an exception: each end has a name, and the schedule decides by it.</summary>
public abstract record AttemptOutcome
{
    private AttemptOutcome() { }

    /// <summary>The destination spoke HTTP.</summary>
    /// <param name="RetryAfter">From the moment of the answer; null when it did not ask.</param>
    /// <param name="Body">The first bytes of the body, as text.</param>
    public sealed record Answered(int Status, TimeSpan? RetryAfter = null, string Body = "") : AttemptOutcome;

    /// <summary>It did not, or we did not let it.</summary>
    public sealed record Unanswered(UnansweredBecause Because, string Detail) : AttemptOutcome;
}

/// <summary>Who is to blame when no answer came. Stored by name (<c>delivery.attempt.outcome</c>).</summary>
public enum UnansweredBecause
{
    /// <summary>The whole of it (name, connection, TLS, answer's head) took longer than the operator's timeout.</summary>
    TimedOut,
    NameNotResolved,

    /// <summary>Connection refused or unreachable.</summary>
    NotConnected,
    TlsFailed,

    /// <summary>Connected, then cut, or what came was not HTTP.</summary>
    Broken,

    /// <summary>Ours: the egress guard let no address of the destination pass.</summary>
    Refused,
}
