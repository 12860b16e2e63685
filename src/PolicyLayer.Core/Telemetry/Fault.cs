namespace PolicyLayer.Telemetry;

/// <summary>Something that broke and was turned into a denial, or passed over because nothing more could be done. Immutable.</summary>
public sealed class Fault
{
    /// <summary>What was being done.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>
    /// What broke, by the name of the option that it was given as: <c>Counters</c>, <c>Grants</c>, <c>Approvals</c>,
    /// <c>ApprovalNotifier</c>, <c>AuditSinks[0]</c>, <c>TimeProvider</c>; <c>ToolCall</c> for what the call itself was made of, and
    /// <c>ToolCall.Arguments</c>, <c>ToolCall.Inputs</c>, <c>ToolCall.Context</c> or <c>GrantAttributes</c> for a dictionary of it; or
    /// <c>BestEffortAuditSink</c> for its queue and the sink behind it. Of a reload it is <c>Documents</c> where what they say was
    /// rejected, and <c>Reloaded</c> for a handler of that event.
    /// </summary>
    public required string Place { get; init; }

    /// <summary>
    /// The full name of the exception's type; that of <see cref="FormatException"/> for <see cref="FaultKind.Malformed"/>, where none was
    /// thrown.
    /// </summary>
    public required string ExceptionType { get; init; }

    /// <summary>
    /// What was thrown; a <see cref="TimeoutException"/> where a store or sink took too long. Null for <see cref="FaultKind.Judging"/>,
    /// <see cref="FaultKind.Malformed"/>, <see cref="FaultKind.ApprovalAsk"/> and <see cref="FaultKind.ApprovalNotify"/>: what a call's own
    /// objects throw, and those that are given its arguments, may hold their values.
    /// </summary>
    public Exception? Exception { get; init; }

    /// <summary>Where it was thrown, or null. It holds no values.</summary>
    public string? StackTrace { get; init; }

    /// <summary>
    /// Of a host's dictionary that can't be judged, the JSON Pointer of the value that stands in the way, or of the object, where one of
    /// its names does; empty for the dictionary as such. Names below the top are <c>*</c>, as an agent may have chosen them
    /// (<c>/rows/3/*</c>), and the one at the top, which records tell too, has at most 64 characters. It is that of the argument where all
    /// of the dictionary was read and can't be judged, as for a name that is there twice. Null for all other faults.
    /// </summary>
    public string? Member { get; init; }

    /// <summary>The full name of the CLR type of the value at <see cref="Member"/>; null where it isn't what stands in the way.</summary>
    public string? MemberType { get; init; }

    /// <summary>The id of the decision that was being made or reported; empty for what is about none, as a reload.</summary>
    public required string DecisionId { get; init; }
}
