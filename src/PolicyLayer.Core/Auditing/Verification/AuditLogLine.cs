namespace PolicyLayer.Auditing.Verification;

/// <summary>A line of a file, without its end.</summary>
/// <param name="Bytes">The line, until the next one is read; of one that is too long, some end of it.</param>
/// <param name="Number">From 1.</param>
/// <param name="Form">Whether it is one to look at.</param>
internal readonly record struct AuditLogLine(ReadOnlyMemory<byte> Bytes, long Number, AuditLogLineForm Form);

internal enum AuditLogLineForm
{
    Whole = 0,

    /// <summary>The file ends before the line does.</summary>
    Torn = 1,

    /// <summary>Longer than any line that a sink writes.</summary>
    TooLong = 2,
}
