using System.Globalization;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Auditing.Verification;

namespace PolicyLayer.Auditing;

/// <summary>
/// Finds out whether a log is what <see cref="JsonLinesAuditSink"/> wrote: nothing changed, removed, added, doubled or moved. Immutable and
/// safe for any number of threads.
/// </summary>
/// <remarks>
/// Lines are read one by one, in memory that doesn't grow with the log. A log may be written meanwhile: it is read without a lock, and a
/// line that its sink is still writing is left out. Without <see cref="Keys"/> who may write the files can write the log anew, from any
/// line on; only a <see cref="Head"/> kept elsewhere shows that. With them they can still cut
/// lines off its end, or put another log with the same keys in its place, which <see cref="Head"/> shows too.
/// </remarks>
public sealed class AuditLogVerifier
{
    private const int HashLength = 64;

    /// <summary>
    /// The keys that the log was written with, older ones included; null, as by default, for a log written without. With keys, a line
    /// hashed without one is a fault.
    /// </summary>
    public PolicyLayerKeys? Keys { get; init; }

    /// <summary>
    /// The hash that the line before the first one has, for a log whose first files aren't there: 64 lower-case hexadecimal digits. Null,
    /// as by default, for a log that begins with number 1.
    /// </summary>
    /// <exception cref="ArgumentException">The value is no hash.</exception>
    public string? After
    {
        get;
        init => field = Checked(value, nameof(After));
    }

    /// <summary>
    /// The hash that the last line must have: 64 lower-case hexadecimal digits, of zeros for a log without lines. Null, as by default,
    /// where it isn't known.
    /// </summary>
    /// <exception cref="ArgumentException">The value is no hash.</exception>
    public string? Head
    {
        get;
        init => field = Checked(value, nameof(Head));
    }

    /// <summary>
    /// How many records the files must have, as <see cref="FindHeadAsync"/> counted them together with the head: 0 or more. Null, as by
    /// default, where it isn't known.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long? HeadRecords
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(HeadRecords));
            field = value;
        }
    }

    /// <summary>Verifies a log up to its end or its first fault.</summary>
    /// <param name="files">The log's files, the oldest first: <c>NAME.000001.jsonl</c> … <c>NAME.jsonl</c>. At least one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException"><paramref name="files"/> is empty, or has what is no path.</exception>
    /// <exception cref="AuditLogException">A file is a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">A file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    public async Task<AuditVerification> VerifyAsync(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        var check = new ChainCheck(new LineHash(Keys), After);
        return await WalkAsync(files, check, HeadFaultOf, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds the head of a log, to be kept elsewhere. Only numbers and links are checked, so that no keys are needed; the files may begin
    /// anywhere.
    /// </summary>
    /// <inheritdoc cref="VerifyAsync"/>
    public static async Task<AuditVerification> FindHeadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken = default) =>
        await WalkAsync(files, new ChainCheck(hash: null, after: null), static _ => null, cancellationToken).ConfigureAwait(false);

    private static async Task<AuditVerification> WalkAsync(
        IReadOnlyList<string> files, ChainCheck check, Func<ChainCheck, string?> headFaultOf, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        AuditLogFault? fault = null;
        (string File, long Line) last = (files[^1], 0);
        for (int i = 0; i < files.Count && fault is null; i++)
        {
            long lines;
            (lines, fault) = await WalkAsync(files[i], isLast: i == files.Count - 1, check, cancellationToken).ConfigureAwait(false);
            last = lines > 0 ? (files[i], lines) : last;
        }

        if (fault is null && headFaultOf(check) is { } message)
        {
            long? sequence = check.Records > 0 ? check.LastSequence : null;
            fault = new AuditLogFault(AuditFaultKind.HeadDiffers, last.File, last.Line, sequence, message);
        }

        return new AuditVerification(check.Records, check.LastSequence, check.Head, fault);
    }

    private static async Task<(long Lines, AuditLogFault? Fault)> WalkAsync(
        string file, bool isLast, ChainCheck check, CancellationToken cancellationToken)
    {
        using var reader = new AuditLogReader(AuditLogFile.OpenRead(file));
        long lines = 0;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Form == AuditLogLineForm.Torn && isLast && AuditLogFile.IsBeingWritten(file))
            {
                break;
            }

            if (FaultOf(line, isLast, file, check) is { } fault)
            {
                return (lines, fault);
            }

            lines = line.Number;
        }

        return (lines, null);
    }

    private static AuditLogFault? FaultOf(in AuditLogLine line, bool isLast, string file, ChainCheck check)
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

    private string? HeadFaultOf(ChainCheck check)
    {
        bool isHead = Head is null || Head == check.Head;
        if (HeadRecords is { } records && records != check.Records)
        {
            string why = records > check.Records
                ? ": lines are missing behind the last one."
                : ": lines were added behind the one that it names.";
            return string.Create(CultureInfo.InvariantCulture, $"The log has {check.Records} records where the given head counts {records}")
                + (isHead ? ". Help: name the files that the head was taken of." : why);
        }

        return isHead ? null : "The log's last line isn't the one that the given head names: lines are missing behind it, or were added.";
    }

    private static string? Checked(string? hash, string name) =>
        hash is null || (hash.Length == HashLength && hash.All(char.IsAsciiHexDigitLower))
            ? hash
            : throw new ArgumentException("A hash has 64 digits, of 0 to 9 and a to f.", name);
}
