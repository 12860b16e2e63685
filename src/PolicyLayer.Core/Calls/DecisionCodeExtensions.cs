namespace PolicyLayer;

/// <summary>The stable text of decision codes and outcomes.</summary>
public static class DecisionCodeExtensions
{
    /// <summary>The code as it stands in records and messages, such as <c>limit_exceeded</c>. It never changes between versions.</summary>
    /// <param name="code">A code of this library.</param>
    /// <returns>Lower-case words joined by underscores.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a code of this library.</exception>
    public static string ToCodeString(this DecisionCode code) => code switch
    {
        DecisionCode.InternalError => "internal_error",
        DecisionCode.Allowed => "allowed",
        DecisionCode.ArgumentsTooLarge => "arguments_too_large",
        DecisionCode.ArgumentsMalformed => "arguments_malformed",
        DecisionCode.ContextMalformed => "context_malformed",
        DecisionCode.Hidden => "hidden",
        DecisionCode.NotListed => "not_listed",
        DecisionCode.ActionDeny => "action_deny",
        DecisionCode.ArgumentsInvalid => "arguments_invalid",
        DecisionCode.RequireFailed => "require_failed",
        DecisionCode.DenyIfMatched => "deny_if_matched",
        DecisionCode.LimitExceeded => "limit_exceeded",
        DecisionCode.IncrementInvalid => "increment_invalid",
        DecisionCode.SessionMissing => "session_missing",
        DecisionCode.CounterCapacity => "counter_capacity",
        DecisionCode.CounterStoreUnavailable => "counter_store_unavailable",
        DecisionCode.AuditUnavailable => "audit_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };

    /// <summary>The outcome as it stands in records: <c>allow</c> or <c>deny</c>.</summary>
    /// <param name="outcome">An outcome of this library.</param>
    /// <returns>Lower-case words joined by underscores.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an outcome of this library.</exception>
    public static string ToOutcomeString(this DecisionOutcome outcome) => outcome switch
    {
        DecisionOutcome.Deny => "deny",
        DecisionOutcome.Allow => "allow",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
