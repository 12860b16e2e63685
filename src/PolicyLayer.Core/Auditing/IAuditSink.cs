namespace PolicyLayer.Auditing;

/// <summary>Takes the records of decisions, of their outcomes, and of what became of requests for approval.</summary>
/// <remarks>
/// A sink is required: a call is allowed only when every sink has its record, and one that throws, or takes longer than
/// <see cref="ToolCallAuthorizerOptions.AuditTimeout"/>, turns an allow into <c>audit_unavailable</c>. Behind a
/// <see cref="BestEffortAuditSink"/> it is best effort: no call waits for it, and records may be dropped. When the returned task ends
/// without an exception, the record must be as safe as the sink promises to keep it. A denial stays a denial whether or not it can be
/// recorded, an outcome stays reported, and a person's answer stands. A sink never blocks its caller: what takes time goes on in the task.
/// Records aren't numbered yet: a sink that several authorizers write to gives them their numbers. Implementations are safe for use by any
/// number of threads at once.
/// </remarks>
public interface IAuditSink
{
    /// <summary>Takes one record.</summary>
    /// <param name="record">What happened.</param>
    /// <param name="cancellationToken">Gives up: the sink's time is over, or nobody needs the record of an allow any more.</param>
    ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default);
}
