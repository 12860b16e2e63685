namespace PolicyLayer.Auditing.Verification;

/// <summary>Goes through the files of a log, line by line, up to its end or its first fault. Used once.</summary>
/// <param name="check">Looks at the chain.</param>
/// <param name="observer">Sees each line that holds; null for nobody.</param>
internal sealed class LogWalk(ChainCheck check, ILineObserver? observer = null)
{
    /// <summary>The last file that has a line, and how many it has; of a log without lines its last file.</summary>
    public (string File, long Lines) Last { get; private set; }

    /// <summary>Hears of each line that holds how many there were; null for nobody.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Walks; says the first fault.</summary>
    public async Task<AuditLogFault?> RunAsync(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        Last = (files[^1], 0);
        for (int i = 0; i < files.Count; i++)
        {
            if (await RunAsync(files[i], isLast: i == files.Count - 1, cancellationToken).ConfigureAwait(false) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private async Task<AuditLogFault?> RunAsync(string file, bool isLast, CancellationToken cancellationToken)
    {
        using var reader = new AuditLogReader(AuditLogFile.OpenRead(file));
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Form == AuditLogLineForm.Torn && isLast && AuditLogFile.IsBeingWritten(file))
            {
                break;
            }

            AuditLogFault? fault = FaultOf(line, isLast, file);
            if (fault is null && observer is not null)
            {
                fault = await observer.TakeAsync(line.Bytes, check.LastSequence, cancellationToken).ConfigureAwait(false);
            }

            if (fault is not null)
            {
                return fault;
            }

            Last = (file, line.Number);
            Progress?.Report(check.Records);
        }

        return null;
    }

    private AuditLogFault? FaultOf(in AuditLogLine line, bool isLast, string file)
    {
        switch (line.Form)
        {
            case AuditLogLineForm.TooLong:
                return new AuditLogFault(AuditFaultKind.TooLong, file, line.Number, null, "The line is longer than any of a log.");
            case AuditLogLineForm.Torn when isLast:
                return new AuditLogFault(AuditFaultKind.TornLine, file, line.Number, null,
                    "The log ends within the line, as after a crash. Help: the next writer cuts it off, and notes that in the log.");
            case AuditLogLineForm.Torn:
                return new AuditLogFault(AuditFaultKind.TornInside, file, line.Number, null,
                    "The file ends within the line, and others follow: it was cut off, or the files were written in another order.");
            default:
                AuditFaultKind? kind = check.Take(line.Bytes.Span, out long? sequence);
                return kind is { } fault
                    ? new AuditLogFault(fault, file, line.Number, sequence, check.Explain(fault, sequence))
                    : null;
        }
    }
}
