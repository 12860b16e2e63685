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
/// line on; only a <see cref="Head"/> kept elsewhere shows that, or checkpoints (<see cref="PublicKeys"/>), for what they sign. Either way
/// they can still cut lines off its end together with the checkpoints behind, or put another log with the same keys in its place, which
/// <see cref="Head"/> shows too.
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

    /// <summary>
    /// The public keys that the log's checkpoints may be signed with; null, as by default, where they aren't looked at. With keys, all
    /// checkpoints must be signed, and every root be that of the log's lines: missing ones are a fault.
    /// </summary>
    public AuditPublicKeys? PublicKeys { get; init; }

    /// <summary>Hears how many records were verified, after each, on the thread that verifies; null, as by default, for nobody.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Verifies a log up to its end or its first fault.</summary>
    /// <param name="files">The log's files, the oldest first: <c>NAME.000001.jsonl</c> … <c>NAME.jsonl</c>. At least one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException"><paramref name="files"/> is empty, or has what is no path.</exception>
    /// <exception cref="AuditLogException">A file is a pipe, a device or a socket.</exception>
    /// <exception cref="IOException">A file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    public async Task<AuditVerification> VerifyAsync(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        var chain = new ChainCheck(new LineHash(Keys), After);
        if (PublicKeys is null)
        {
            var walk = new LogWalk(chain) { Progress = Progress };
            AuditLogFault? found = await walk.RunAsync(files, cancellationToken).ConfigureAwait(false);
            return Result(chain, signed: null, found ?? HeadFaultOf(chain, walk));
        }

        (CheckpointCheck? check, AuditLogFault? fault) =
            await CheckpointCheck.OpenAsync(files[^1], PublicKeys, cancellationToken).ConfigureAwait(false);
        using (check)
        {
            if (fault is null)
            {
                var walk = new LogWalk(chain, check) { Progress = Progress };
                fault = await walk.RunAsync(files, cancellationToken).ConfigureAwait(false)
                    ?? check!.End()
                    ?? HeadFaultOf(chain, walk);
            }

            return Result(chain, check?.Signed ?? 0, fault);
        }
    }

    /// <summary>
    /// Finds the head of a log, to be kept elsewhere. Only numbers and links are checked, so that no keys are needed; the files may begin
    /// anywhere.
    /// </summary>
    /// <inheritdoc cref="VerifyAsync"/>
    public static async Task<AuditVerification> FindHeadAsync(IReadOnlyList<string> files, CancellationToken cancellationToken = default)
    {
        var chain = new ChainCheck(hash: null, after: null);
        AuditLogFault? fault = await new LogWalk(chain).RunAsync(files, cancellationToken).ConfigureAwait(false);
        return Result(chain, signed: null, fault);
    }

    private static AuditVerification Result(ChainCheck chain, long? signed, AuditLogFault? fault) =>
        new(chain.Records, chain.LastSequence, chain.Head, signed, fault);

    private AuditLogFault? HeadFaultOf(ChainCheck chain, LogWalk walk)
    {
        long? sequence = chain.Records > 0 ? chain.LastSequence : null;
        return HeadFaultOf(chain) is { } message
            ? new AuditLogFault(AuditFaultKind.HeadDiffers, walk.Last.File, walk.Last.Lines, sequence, message)
            : null;
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
