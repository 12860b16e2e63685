namespace PolicyLayer.Auditing;

/// <summary>Takes the records of decisions and outcomes.</summary>
/// <remarks>
/// A call is allowed only when every sink has its record: a sink that throws turns an allow into <c>audit_unavailable</c>. When the
/// returned task ends without an exception, the record must be as safe as the sink promises to keep it. A denial stays a denial whether
/// or not it can be recorded, and an outcome stays reported. Implementations are safe for use by any number of threads at once; records
/// may reach them in another order than that of their numbers.
/// </remarks>
public interface IAuditSink
{
    /// <summary>Takes one record.</summary>
    /// <param name="record">What happened.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask WriteAsync(AuditRecord record, CancellationToken cancellationToken = default);
}
