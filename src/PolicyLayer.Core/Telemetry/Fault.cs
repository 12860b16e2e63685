namespace PolicyLayer.Telemetry;

/// <summary>Something that broke and was turned into a denial, or passed over because nothing more could be done. Immutable.</summary>
public sealed class Fault
{
    /// <summary>What was being done.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>
    /// What broke, by the name of the option that it was given as: <c>Counters</c>, <c>Grants</c>, <c>Approvals</c>,
    /// <c>ApprovalNotifier</c>, <c>AuditSinks[0]</c>, <c>TimeProvider</c>; <c>ToolCall</c> for what the call itself was made of; or
    /// <c>BestEffortAuditSink</c> for its queue and the sink behind it.
    /// </summary>
    public required string Place { get; init; }

    /// <summary>The full name of the exception's type.</summary>
    public required string ExceptionType { get; init; }

    /// <summary>
    /// What was thrown; a <see cref="TimeoutException"/> where a store or sink took too long. Null for <see cref="FaultKind.Judging"/>,
    /// <see cref="FaultKind.ApprovalAsk"/> and <see cref="FaultKind.ApprovalNotify"/>: what a call's own objects throw, and those that are
    /// given its arguments, may hold their values.
    /// </summary>
    public Exception? Exception { get; init; }

    /// <summary>Where it was thrown, or null. It holds no values.</summary>
    public string? StackTrace { get; init; }

    /// <summary>The id of the decision that was being made or reported.</summary>
    public required string DecisionId { get; init; }
}
