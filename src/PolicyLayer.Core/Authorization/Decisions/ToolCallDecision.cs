using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using PolicyLayer.Authorization.Decisions;
using PolicyLayer.Counters;
using PolicyLayer.DecisionTree;
using PolicyLayer.DecisionTree.Verdicts;

namespace PolicyLayer;

/// <summary>What was decided about one call. An immutable value, safe to copy; a default one denies.</summary>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct ToolCallDecision
{
    /// <summary>The entry that judged; its verdict is the decision's, unless the settlement has another.</summary>
    private readonly ToolEntry? _entry;

    private readonly DecisionId _id;
    private readonly Settlement _settlement;
    private readonly string? _toolName;
    private readonly string? _grantId;

    internal ToolCallDecision(ToolEntry entry, DecisionId id, string toolName, string grantId, Settlement settlement = default)
    {
        _entry = entry;
        _id = id;
        _settlement = settlement;
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
    /// allowed. It holds no argument values. Where it says when to come back it is written when read.
    /// </summary>
    public string? Message => Verdict.MessageWith(_settlement.RetryAfter);

    /// <summary>How the policy classes the tool.</summary>
    public ToolRisk Risk => Verdict.Risk;

    /// <summary>When the same call may fit its limits again, rounded up to milliseconds; null when waiting doesn't help.</summary>
    public TimeSpan? RetryAfter => _settlement.RetryAfter > 0 ? TimeSpan.FromMilliseconds(_settlement.RetryAfter) : null;

    /// <summary>
    /// The approval that the call waits for, was refused or, when it is allowed, has spent; null for none. Whoever knows it can do nothing
    /// with it but ask what became of it: people answer where the host lets them.
    /// </summary>
    public string? ApprovalId => Verdict.ApprovalId ?? OpenCall?.Approval?.Id;

    /// <summary>
    /// Whether a person is being asked, and their approval is all that stands in the call's way. False for a call that its limits have no
    /// room for: nobody is asked about it before <see cref="RetryAfter"/>, or ever.
    /// </summary>
    public bool ApprovalWouldHelp => Code == DecisionCode.ApprovalRequired && ApprovalId is not null;

    /// <summary>
    /// Whether the call is allowed and goes on with the one that it named by <see cref="ToolCall.Continues"/>. False for a call of its own,
    /// also where it named another: then its host brings its tool nothing that the other one had asked for.
    /// </summary>
    public bool Continues => OpenCall?.Logical is { HasBegun: true } logical && logical.First.Id.Unplaced != _id.Unplaced;

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

    internal Verdict Verdict => _settlement.Denial ?? _entry?.Verdict ?? Verdict.Undecided;

    internal DecisionId Id => _id;

    internal OpenCall? OpenCall => _settlement.OpenCall;

    internal string? SessionId => _settlement.SessionId;

    /// <summary>Whether an allow reserved quota, or may leave marks.</summary>
    internal bool IsCounted => _entry?.Counting is not null;

    /// <summary>What an allow reserved; only one that is counted.</summary>
    internal CounterRelease Reserved => new(
        _entry!.Counting!.Request(_settlement.ReservedAt, GrantId, SessionId, OpenCall?.Demands ?? _entry.Counting.Fixed),
        CounterReservation.Admitted(OpenCall?.Stamp ?? _settlement.ReservedAt, OpenCall?.State));

    /// <summary>Whether an allow leaves marks when it is reported to have succeeded.</summary>
    internal bool LeavesMarks => _entry?.Counting?.Marks is not null;

    /// <summary>What leaves them.</summary>
    /// <param name="unixMilliseconds">When the success was reported.</param>
    internal CounterRequest MarksOfSuccess(long unixMilliseconds) =>
        _entry!.Counting!.Marks!.Request(unixMilliseconds, GrantId, SessionId, OpenCall?.Demands?.Marks);

    /// <summary>The outcome, the code, the rule, the tool and the grant; no value of an argument.</summary>
    public override string ToString() => DecisionText.Of(Outcome, Code, Rule, ToolName, GrantId);

    internal ToolCallDecision With(DecisionId id) => new(_entry!, id, ToolName, GrantId, _settlement);
}
