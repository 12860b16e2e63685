namespace PolicyLayer.Auditing;

/// <summary>What a look at a log found. Immutable.</summary>
public sealed record AuditVerification
{
    internal AuditVerification(long records, long lastSequence, string head, long? signed, AuditLogFault? fault)
    {
        Records = records;
        LastSequence = lastSequence;
        Head = head;
        Signed = signed;
        Fault = fault;
    }

    /// <summary>Whether every line holds.</summary>
    public bool IsGood => Fault is null;

    /// <summary>How many lines hold: all of the log, or those before the first fault.</summary>
    public long Records { get; }

    /// <summary>The number of the last of them; 0 without any.</summary>
    public long LastSequence { get; }

    /// <summary>
    /// The hash of the last of them, 64 lower-case hexadecimal digits; without any, <see cref="AuditLogVerifier.After"/>, or 64 zeros. Kept
    /// where who writes the log can't change it, it proves later that all up to here is as it was.
    /// </summary>
    public string Head { get; }

    /// <summary>
    /// How many lines, from the log's first, stand under a checkpoint that holds; what stands behind is only in the chain. Null without
    /// <see cref="AuditLogVerifier.PublicKeys"/>.
    /// </summary>
    public long? Signed { get; }

    /// <summary>The first fault; null for a log that is good.</summary>
    public AuditLogFault? Fault { get; }
}
