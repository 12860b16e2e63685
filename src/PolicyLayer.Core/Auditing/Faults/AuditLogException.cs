namespace PolicyLayer.Auditing;

/// <summary>
/// A log can't be gone on with: its last whole line isn't what the writer of a log would have left there, other keys stand behind it, or
/// something else stands where one of its files would. Or nothing can be proved of it; or what was named as a log isn't a file. The message
/// has the file and the way out, and nothing of what stands in the file.
/// </summary>
public sealed class AuditLogException : IOException
{
    /// <summary>Says why.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    public AuditLogException(string message)
        : base(message)
    {
    }

    internal AuditLogException(AuditLogFault fault)
        : base(fault.ToString()) => Fault = fault;

    /// <summary>Where nothing can be proved of a log, as it isn't what its chain or a checkpoint says: why; else null.</summary>
    public AuditLogFault? Fault { get; }
}
