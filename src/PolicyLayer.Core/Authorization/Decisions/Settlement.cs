using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer.Authorization.Decisions;

/// <summary>
/// How a call was settled: for a denial, why and when to try again; for an allow, what its report and a release need. Two words for both,
/// as a decision is copied often. The default is for a decision that is its entry's verdict and has nothing to remember.
/// </summary>
internal readonly struct Settlement
{
    /// <summary>For a denial, how long to wait; for an allow with limits, when it was reserved, since the Unix epoch.</summary>
    private readonly long _milliseconds;

    /// <summary>For a denial, its verdict; for an allow, its session, or an <see cref="Decisions.OpenCall"/> with more.</summary>
    private readonly object? _rest;

    private Settlement(long milliseconds, object? rest)
    {
        _milliseconds = milliseconds;
        _rest = rest;
    }

    /// <summary>The verdict of a denial that isn't the entry's own; else null.</summary>
    public Verdict? Denial => _rest as Verdict;

    /// <summary>How long a refused call has to wait, in milliseconds; 0 when waiting doesn't help.</summary>
    public long RetryAfter => Denial is null ? 0 : _milliseconds;

    /// <summary>When an allow's quota was asked for.</summary>
    public long ReservedAt => _milliseconds;

    /// <summary>What an allow has to remember that has no room here.</summary>
    public OpenCall? OpenCall => _rest as OpenCall;

    /// <summary>The session of an allow that was counted or recorded.</summary>
    public string? SessionId => OpenCall?.SessionId ?? _rest as string;

    public static Settlement ForDenial(Verdict verdict, long retryAfter = 0) => new(retryAfter, verdict);

    /// <summary>One unit of each counter, charged at that very time, and nothing else to remember.</summary>
    public static Settlement Reserved(long unixMilliseconds, string? sessionId) => new(unixMilliseconds, sessionId);

    public static Settlement Reserved(long unixMilliseconds, OpenCall call) => new(unixMilliseconds, call);
}
