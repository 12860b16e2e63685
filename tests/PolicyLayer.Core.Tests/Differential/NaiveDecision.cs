namespace PolicyLayer.Tests.Differential;

/// <summary>One decision, as far as the two evaluators must agree on it.</summary>
internal sealed record NaiveDecision(string Code, string Rule, long? RetryAfterMilliseconds = null)
{
    /// <summary>The rules that ask for approval, one a line.</summary>
    public string Asking { get; init; } = "";

    /// <summary>Whether a person was asked, so that an answer helps.</summary>
    public bool IsAsked { get; init; }

    /// <summary>How much longer than said a refusal may ask to wait; null where any wait will do.</summary>
    public long? Slack { get; init; } = 0;

    public bool Accepts(NaiveDecision other)
    {
        bool agrees = RetryAfterMilliseconds is { } least
            ? other.RetryAfterMilliseconds is { } wait && wait >= least && wait <= least + Slack
            : other.RetryAfterMilliseconds is null;
        return (Code, Rule, Asking, IsAsked) == (other.Code, other.Rule, other.Asking, other.IsAsked) && (Slack is null || agrees);
    }
}
