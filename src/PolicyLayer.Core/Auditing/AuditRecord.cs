using PolicyLayer.Approvals;

namespace PolicyLayer.Auditing;

/// <summary>
/// One line of the audit. Immutable; equal to another when all that they say is. It holds no argument values but the sums of
/// <see cref="AuditCounter.Used"/>.
/// </summary>
public sealed record AuditRecord
{
    private readonly ValueList<string> _argumentNames = ValueList<string>.Empty;
    private readonly ValueList<AuditCounter> _counters = ValueList<AuditCounter>.Empty;

    /// <summary>What the record tells.</summary>
    public AuditRecordKind Kind { get; init; }

    /// <summary>
    /// The record's number in the sink that holds it; 0 until that sink has given it one. <see cref="JsonLinesAuditSink"/> and
    /// <see cref="InMemoryAuditSink"/> number from 1, each its own, whichever authorizers write to them: in the order in which the records
    /// stand there, no number twice and none left out. A file has lines of its own making besides, which count too.
    /// </summary>
    public long Sequence { get; init; }

    /// <summary>
    /// When, by the authorizer's clock; null when the clock failed, which allows no call. For records of kind
    /// <see cref="AuditRecordKind.Approval"/>, when a person answered or the request ended, by the approval store's clock: the record is
    /// written then or later.
    /// </summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>
    /// The decision's id; for records of kind <see cref="AuditRecordKind.Approval"/>, that of the decision that asked for it, of whose call
    /// all that follows is said, but for what names other kinds.
    /// </summary>
    public required string DecisionId { get; init; }

    /// <summary>The grant that the call used, written as <see cref="Tool"/> is.</summary>
    public required string GrantId { get; init; }

    /// <summary>The call's session, written as <see cref="Tool"/> is, or null.</summary>
    public string? SessionId { get; init; }

    /// <summary>
    /// Where <see cref="SessionId"/> comes from; null without one, and for records of kind <see cref="AuditRecordKind.Completion"/>.
    /// </summary>
    public SessionSource? SessionSource { get; init; }

    /// <summary>The grant's label, where grants are resolved and it has one, written as <see cref="Tool"/> is; else null.</summary>
    public string? GrantLabel { get; init; }

    /// <summary>The server that has the tool, as the host names it, written as <see cref="Tool"/> is, or null.</summary>
    public string? Server { get; init; }

    /// <summary>
    /// The tool that the call named. Of a name of more than 256 UTF-16 units the first 256, or 255 where that would cut a surrogate pair,
    /// then <c>…sha256:</c> and the SHA-256 of the whole name in UTF-16LE, in lower-case hexadecimal. A name with half a surrogate pair,
    /// which is always denied, is written so too, with U+FFFD in place of the half.
    /// </summary>
    public required string Tool { get; init; }

    /// <summary>How the policy classes the tool.</summary>
    public ToolRisk Risk { get; init; }

    /// <summary>What was decided.</summary>
    public DecisionOutcome DecisionOutcome { get; init; }

    /// <summary>Why.</summary>
    public DecisionCode Code { get; init; }

    /// <summary>The JSON Pointer, inside the policy, of what decided; empty when no part of the policy did.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The name that the policy gives the deciding rule, or null.</summary>
    public string? RuleName { get; init; }

    /// <summary>What the agent was told, or null.</summary>
    public string? Message { get; init; }

    /// <summary>
    /// The name of the policy that judged the call, or was reloaded; empty for a record of kind <see cref="AuditRecordKind.Reload"/> about
    /// grants.
    /// </summary>
    public required string PolicyName { get; init; }

    /// <summary>
    /// The revision of the policy that judged the call, or came into force; empty for a record of kind
    /// <see cref="AuditRecordKind.Reload"/> about grants, or a policy that is gone.
    /// </summary>
    public required string PolicyRevision { get; init; }

    /// <summary>
    /// The names at the top of the arguments that were judged, in ordinal order: the first 64, each cut at 64 UTF-16 units. Empty when the
    /// arguments were refused or couldn't be read to their end, and for records of kind <see cref="AuditRecordKind.Completion"/> or
    /// <see cref="AuditRecordKind.Approval"/>.
    /// </summary>
    public IReadOnlyList<string> ArgumentNames
    {
        get => _argumentNames;
        init => _argumentNames = ValueList<string>.Of(value);
    }

    /// <summary>
    /// The size of the arguments in bytes of UTF-8, for a dictionary as it was judged; null when there were none, when a dictionary was
    /// refused or couldn't be read to its end, and for records of kind <see cref="AuditRecordKind.Completion"/> or
    /// <see cref="AuditRecordKind.Approval"/>.
    /// </summary>
    public int? ArgumentBytes { get; init; }

    /// <summary>
    /// HMAC-SHA-256 over the canonical arguments (RFC 8785) under a sub-key of the host's, in lower-case hexadecimal: equal arguments have
    /// equal digests, and nobody without the key can guess them. Null without <see cref="ToolCallAuthorizerOptions.Keys"/>, for a call
    /// without arguments or whose arguments were refused, and for records of kind <see cref="AuditRecordKind.Completion"/> or
    /// <see cref="AuditRecordKind.Approval"/>.
    /// </summary>
    public string? ArgumentsDigest { get; init; }

    /// <summary>
    /// The same of what was answered to the tool (<see cref="ToolCall.Inputs"/>), under the same key: what is equal in both has one digest.
    /// Null where <see cref="ArgumentsDigest"/> would be, for a call that brought no answers, and for one whose arguments were refused, as
    /// nothing else of it is read. Where a call said that it goes on with another one and didn't (<see cref="Continues"/> is null), these
    /// are the answers that it brought.
    /// </summary>
    public string? InputsDigest { get; init; }

    /// <summary>
    /// The counters that the call was to be counted on, each once, in the order of the policy's limits; empty when it was decided before,
    /// and for records of kind <see cref="AuditRecordKind.Completion"/> or <see cref="AuditRecordKind.Approval"/>.
    /// </summary>
    public IReadOnlyList<AuditCounter> Counters
    {
        get => _counters;
        init => _counters = ValueList<AuditCounter>.Of(value);
    }

    /// <summary>
    /// The approval that the call waits for, was refused or has spent, or null; for records of kind
    /// <see cref="AuditRecordKind.Approval"/>, the one that they are about.
    /// </summary>
    public string? ApprovalId { get; init; }

    /// <summary>Who answered that approval, by approving or refusing; null while nobody has. A name that the host gave.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The decision that the call goes on with; null for a call of its own.</summary>
    public string? Continues { get; init; }

    /// <summary>
    /// The W3C trace id of the trace that the caller named (<see cref="ToolCall.TraceParent"/>), else of the activity that the call was
    /// judged in; null for neither.
    /// </summary>
    public string? TraceId { get; init; }

    /// <summary>When the same call may fit its limits again, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What became of the call, for records of kind <see cref="AuditRecordKind.Completion"/>; else null.</summary>
    public ToolCallOutcome? CallOutcome { get; init; }

    /// <summary>
    /// What became of the approval, for records of kind <see cref="AuditRecordKind.Approval"/>; else null. It is
    /// <see cref="Approvals.ApprovalStatus.Approved"/>, <see cref="Approvals.ApprovalStatus.Refused"/>,
    /// <see cref="Approvals.ApprovalStatus.Expired"/> where nobody answered, or <see cref="Approvals.ApprovalStatus.Unknown"/> where the
    /// store could no longer say.
    /// </summary>
    public ApprovalStatus? ApprovalStatus { get; init; }

    /// <summary>How many calls a person approved; null for all records but of an approval that was given.</summary>
    public int? ApprovedUses { get; init; }

    /// <summary>Until when the approval is in force, by the store's clock; null as <see cref="ApprovedUses"/> is.</summary>
    public DateTimeOffset? ApprovedUntil { get; init; }

    /// <summary>Whether the person narrowed the approval to the very call that asked.</summary>
    public bool IsApprovalExact { get; init; }

    /// <summary>What a reload changed, for records of kind <see cref="AuditRecordKind.Reload"/>; else null.</summary>
    public AuditReload? Reload { get; init; }

    /// <summary>
    /// How long the decision took, waiting for the counter store included; for records of kind
    /// <see cref="AuditRecordKind.Completion"/>, how long after the decision the outcome was reported; for those of kind
    /// <see cref="AuditRecordKind.Approval"/>, how long after the request it was answered or ended. Null when the clock failed, and where
    /// <see cref="ApprovalStatus"/> is unknown.
    /// </summary>
    public TimeSpan? Duration { get; init; }
}
