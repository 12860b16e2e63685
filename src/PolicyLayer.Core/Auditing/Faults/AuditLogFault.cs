namespace PolicyLayer.Auditing;

/// <summary>The first fault of a log, and where it is. Immutable. Nothing of a line's content is in it.</summary>
public sealed record AuditLogFault
{
    internal AuditLogFault(AuditFaultKind kind, string file, long line, long? sequence, string message)
    {
        Kind = kind;
        File = file;
        Line = line;
        Sequence = sequence;
        Message = message;
    }

    /// <summary>What is wrong.</summary>
    public AuditFaultKind Kind { get; }

    /// <summary>The file, as it was named to the verifier; for a fault of a checkpoint, the file of the checkpoints.</summary>
    public string File { get; }

    /// <summary>The line in the file, from 1, where a checkpoint begins; 0 for a log without lines or checkpoints.</summary>
    public long Line { get; }

    /// <summary>
    /// The number that the line says it has, or how many lines the checkpoint says it signs; null where none can be read.
    /// </summary>
    public long? Sequence { get; }

    /// <summary>What is wrong and what can be done, for a person.</summary>
    public string Message { get; }

    /// <summary>Where and what, in one line.</summary>
    public override string ToString() => $"{File}({Line}): {Message}";
}
