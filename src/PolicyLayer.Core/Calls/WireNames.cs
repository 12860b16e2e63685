using PolicyLayer.Calls;
using PolicyLayer.Counters;

namespace PolicyLayer;

/// <summary>
/// The texts of this library's words, as they stand in policies, audit records and the output of the <c>policylayer</c> tool, such as
/// <c>limit_exceeded</c>: lower case, joined by underscores. They never change between versions.
/// </summary>
/// <remarks><see cref="Counters.CounterWireNames"/> and <see cref="DiagnosticWireNames"/> have those of counters and findings.</remarks>
public static class WireNames
{
    internal static WireNameTable<DecisionCode> Codes { get; } = new(
        (DecisionCode.InternalError, "internal_error"),
        (DecisionCode.Allowed, "allowed"),
        (DecisionCode.GrantUnknown, "grant_unknown"),
        (DecisionCode.GrantRevoked, "grant_revoked"),
        (DecisionCode.GrantExpired, "grant_expired"),
        (DecisionCode.NoPolicy, "no_policy"),
        (DecisionCode.GrantResolverUnavailable, "grant_resolver_unavailable"),
        (DecisionCode.ArgumentsTooLarge, "arguments_too_large"),
        (DecisionCode.ArgumentsMalformed, "arguments_malformed"),
        (DecisionCode.ContextMalformed, "context_malformed"),
        (DecisionCode.Hidden, "hidden"),
        (DecisionCode.NotListed, "not_listed"),
        (DecisionCode.ActionDeny, "action_deny"),
        (DecisionCode.ArgumentsInvalid, "arguments_invalid"),
        (DecisionCode.RequireFailed, "require_failed"),
        (DecisionCode.DenyIfMatched, "deny_if_matched"),
        (DecisionCode.OrderViolated, "order_violated"),
        (DecisionCode.ApprovalRequired, "approval_required"),
        (DecisionCode.ApprovalDenied, "approval_denied"),
        (DecisionCode.ApprovalLimit, "approval_limit"),
        (DecisionCode.ApprovalStoreUnavailable, "approval_store_unavailable"),
        (DecisionCode.ApprovalSpent, "approval_spent"),
        (DecisionCode.LimitExceeded, "limit_exceeded"),
        (DecisionCode.IncrementInvalid, "increment_invalid"),
        (DecisionCode.PartitionMissing, "partition_missing"),
        (DecisionCode.SessionMissing, "session_missing"),
        (DecisionCode.CounterCapacity, "counter_capacity"),
        (DecisionCode.CounterStoreUnavailable, "counter_store_unavailable"),
        (DecisionCode.AuditUnavailable, "audit_unavailable"));

    internal static WireNameTable<DecisionOutcome> Outcomes { get; } = new(
        (DecisionOutcome.Allow, "allow"),
        (DecisionOutcome.Deny, "deny"),
        (DecisionOutcome.ApprovalRequired, "approval_required"));

    internal static WireNameTable<ToolCallOutcome> CallOutcomes { get; } = new(
        (ToolCallOutcome.Succeeded, "succeeded"),
        (ToolCallOutcome.Failed, "failed"),
        (ToolCallOutcome.NotExecuted, "not_executed"));

    internal static WireNameTable<ToolRisk> Risks { get; } = new(
        (ToolRisk.Unspecified, "unspecified"),
        (ToolRisk.Read, "read"),
        (ToolRisk.Write, "write"),
        (ToolRisk.Execute, "execute"),
        (ToolRisk.Destructive, "destructive"),
        (ToolRisk.Financial, "financial"),
        (ToolRisk.Other, "other"));

    internal static WireNameTable<SessionSource> SessionSources { get; } = new(
        (SessionSource.Host, "host"),
        (SessionSource.Claim, "claim"),
        (SessionSource.Header, "header"),
        (SessionSource.McpSession, "mcp_session"),
        (SessionSource.Process, "process"));

    internal static WireNameTable<ExplainedResult> Results { get; } = new(
        (ExplainedResult.False, "false"),
        (ExplainedResult.True, "true"),
        (ExplainedResult.Unjudgeable, "unjudgeable"));

    internal static WireNameTable<ToolAvailability> Availabilities { get; } = new(
        (ToolAvailability.Never, "never"),
        (ToolAvailability.Hidden, "hidden"),
        (ToolAvailability.Callable, "callable"));

    /// <summary>The text of a code, such as <c>limit_exceeded</c>.</summary>
    /// <param name="code">A code of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a code of this library.</exception>
    public static string ToWireString(this DecisionCode code) => Codes.TextOf(code);

    /// <summary>The text of a result: <c>true</c>, <c>false</c> or <c>unjudgeable</c>.</summary>
    /// <param name="result">A result of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a result of this library.</exception>
    public static string ToWireString(this ExplainedResult result) => Results.TextOf(result);

    /// <summary>The text of an outcome: <c>allow</c>, <c>deny</c> or <c>approval_required</c>.</summary>
    /// <param name="outcome">An outcome of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an outcome of this library.</exception>
    public static string ToWireString(this DecisionOutcome outcome) => Outcomes.TextOf(outcome);

    /// <summary>The text of what became of a call: <c>succeeded</c>, <c>failed</c> or <c>not_executed</c>.</summary>
    /// <param name="outcome">An outcome of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an outcome of this library.</exception>
    public static string ToWireString(this ToolCallOutcome outcome) => CallOutcomes.TextOf(outcome);

    /// <summary>The text of a risk, such as <c>execute</c>; <c>unspecified</c> stands in no policy, which leaves the member out.</summary>
    /// <param name="risk">A risk of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a risk of this library.</exception>
    public static string ToWireString(this ToolRisk risk) => Risks.TextOf(risk);

    /// <summary>The text of a session's source: <c>host</c>, <c>claim</c>, <c>header</c>, <c>mcp_session</c> or <c>process</c>.</summary>
    /// <param name="source">A source of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't a source of this library.</exception>
    public static string ToWireString(this SessionSource source) => SessionSources.TextOf(source);

    /// <summary>The text of an availability: <c>never</c>, <c>hidden</c> or <c>callable</c>.</summary>
    /// <param name="availability">An availability of this library.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value isn't an availability of this library.</exception>
    public static string ToWireString(this ToolAvailability availability) => Availabilities.TextOf(availability);

    /// <summary>Reads the text of a code; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="code">The code, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DecisionCode code) => Codes.TryParse(text, out code);

    /// <summary>Reads the text of an outcome; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="outcome">The outcome, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DecisionOutcome outcome) => Outcomes.TryParse(text, out outcome);

    /// <summary>Reads the text of what became of a call; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="outcome">The outcome, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ToolCallOutcome outcome) => CallOutcomes.TryParse(text, out outcome);

    /// <summary>Reads the text of a risk; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="risk">The risk, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ToolRisk risk) => Risks.TryParse(text, out risk);

    /// <summary>Reads the text of a session's source; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">The source, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionSource source) => SessionSources.TryParse(text, out source);

    /// <summary>Reads the text of an availability; case counts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="availability">The availability, if the text is one.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out ToolAvailability availability) =>
        Availabilities.TryParse(text, out availability);
}
