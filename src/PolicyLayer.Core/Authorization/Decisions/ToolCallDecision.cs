using System.Diagnostics.CodeAnalysis;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer;

/// <summary>What was decided about one call. An immutable value, safe to copy; a default one denies.</summary>
public readonly struct ToolCallDecision
{
    private readonly Verdict? _verdict;
    private readonly DecisionId _id;

    /// <summary>For a denial, when to try again; for an allow with limits, when it was reserved, since the Unix epoch.</summary>
    private readonly long _milliseconds;

    /// <summary>The call's session, or an <see cref="OpenCall"/> with more to remember; null for neither.</summary>
    private readonly object? _rest;

    private readonly string? _toolName;
    private readonly string? _grantId;

    internal ToolCallDecision(
        Verdict verdict, DecisionId id, string toolName, string grantId, long milliseconds = 0, object? rest = null)
    {
        _verdict = verdict;
        _id = id;
        _milliseconds = milliseconds;
        _rest = rest;
        _toolName = toolName;
        _grantId = grantId;
    }

    /// <summary>True when the host may run the tool.</summary>
    [MemberNotNullWhen(false, nameof(Message))]
    public bool IsAllowed => Code == DecisionCode.Allowed;

    /// <summary>What the host has to do.</summary>
    public DecisionOutcome Outcome => Code switch
    {
        DecisionCode.Allowed => DecisionOutcome.Allow,
        DecisionCode.ApprovalRequired => DecisionOutcome.ApprovalRequired,
        _ => DecisionOutcome.Deny,
    };

    /// <summary>Why.</summary>
    public DecisionCode Code => Verdict.Code;

    /// <summary>The JSON Pointer, inside the policy, of what decided; empty when no part of the policy did.</summary>
    public string Rule => Verdict.Rule;

    /// <summary>
    /// What to tell the agent, beginning with <c>[POLICY DENIED] </c> also where the call waits for approval; null when the call is
    /// allowed. It holds no argument values.
    /// </summary>
    public string? Message => Verdict.Message;

    /// <summary>How the policy classes the tool.</summary>
    public ToolRisk Risk => Verdict.Risk;

    /// <summary>When the same call may fit its limits again, rounded up to milliseconds; null when waiting doesn't help.</summary>
    public TimeSpan? RetryAfter => !IsAllowed && _milliseconds > 0 ? TimeSpan.FromMilliseconds(_milliseconds) : null;

    /// <summary>The tool that the call named; empty for a default decision.</summary>
    public string ToolName => _toolName ?? "";

    /// <summary>The grant that the call used; empty for a default decision.</summary>
    public string GrantId => _grantId ?? "";

    /// <summary>The name of the policy that judged the call.</summary>
    public string PolicyName => Verdict.Policy.Name;

    /// <summary>The revision of the policy that judged the call: the SHA-256 of its document, in lower-case hexadecimal.</summary>
    public string PolicyRevision => Verdict.Policy.Revision;

    /// <summary>The decision's id: unique, not ordered. Formatted when read.</summary>
    public string DecisionId => _id.ToString();

    internal Verdict Verdict => _verdict ?? Verdict.Undecided;

    internal DecisionId Id => _id;

    internal OpenCall? OpenCall => _rest as OpenCall;

    internal string? SessionId => OpenCall?.SessionId ?? _rest as string;

    /// <summary>What an allow reserved; only with limits.</summary>
    internal CounterRelease Reserved => new(
        Verdict.Limits!.Request(_milliseconds, GrantId, SessionId, OpenCall?.Amounts),
        CounterReservation.Admitted(OpenCall?.Stamp ?? _milliseconds, OpenCall?.State));

    internal ToolCallDecision With(DecisionId id) => new(Verdict, id, ToolName, GrantId, _milliseconds, _rest);
}
