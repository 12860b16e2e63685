using System.Globalization;
using System.Text;
using PolicyLayer.Auditing.Checkpoints;
using PolicyLayer.Auditing.Verification;

namespace PolicyLayer.Auditing;

/// <summary>
/// Makes proofs of a log that is signed, for those who have no more of it than a checkpoint. Safe for any number of threads.
/// </summary>
/// <remarks>
/// The log's lines are read once, in memory that doesn't grow with it, and compared with the checkpoint that the proof is for. Whose
/// signature the checkpoint bears is for the reader of the proof to say: no keys are needed here.
/// </remarks>
public static class AuditLogProver
{
    /// <summary>Proves that a record stands in a log, under its latest checkpoint.</summary>
    /// <param name="files">The log's files, the oldest first. At least one, and that with the record and all behind it.</param>
    /// <param name="sequence">The record's number, 1 or more.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="files"/> is empty, or has what is no path; <paramref name="sequence"/> is less than 1.
    /// </exception>
    /// <exception cref="AuditLogException">
    /// The log isn't what its chain or the checkpoint says (<see cref="AuditLogException.Fault"/>); there is no such record, it stands
    /// behind the latest checkpoint, or its file isn't named; there is no checkpoint; or a file is a pipe, a device or a socket.
    /// </exception>
    /// <exception cref="IOException">A file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    public static async Task<AuditInclusionProof> ProveInclusionAsync(
        IReadOnlyList<string> files, long sequence, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        ArgumentOutOfRangeException.ThrowIfLessThan(sequence, 1);
        string path = CheckpointsPath.Find(files[^1]);
        (SignedNote note, Checkpoint checkpoint) = await LatestCheckpoint.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (sequence > checkpoint.Size)
        {
            throw new AuditLogException(string.Create(CultureInfo.InvariantCulture,
                $"The latest checkpoint signs {checkpoint.Size} records, and none with number {sequence}. One that is written is signed "
                + $"when the sink's interval is over, or the log closed."));
        }

        using var tree = new TreeOfLog(path, checkpoint.Size, MerkleRange.ThatInclude(sequence - 1, checkpoint.Size)) { Wanted = sequence };
        await tree.ReadAsync(files, [checkpoint], cancellationToken).ConfigureAwait(false);
        return tree.Record is { } record
            ? new AuditInclusionProof(record, sequence - 1, checkpoint.Size, tree.Hashes, Encoding.UTF8.GetString(note.ToBytes()))
            : throw new AuditLogException(string.Create(CultureInfo.InvariantCulture,
                $"The record {sequence} stands before the first of the files that are named. Name its file too."));
    }

    /// <summary>Proves that a log still begins with what an older checkpoint signs, under its latest checkpoint.</summary>
    /// <param name="files">The log's files, the oldest first. At least one, and that in which the older checkpoint's lines end.</param>
    /// <param name="oldCheckpoint">The older checkpoint, a signed note, as the log wrote it then; of several the last one counts.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException"><paramref name="files"/> is empty, or has what is no path.</exception>
    /// <exception cref="AuditLogException">
    /// The log isn't what its chain or one of the checkpoints says (<see cref="AuditLogException.Fault"/>);
    /// <paramref name="oldCheckpoint"/> is none; there is no checkpoint beside the log; the files that are named begin too late; or one is
    /// a pipe, a device or a socket.
    /// </exception>
    /// <exception cref="IOException">A file can't be read, or doesn't exist.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read, or is a folder.</exception>
    public static async Task<AuditConsistencyProof> ProveConsistencyAsync(
        IReadOnlyList<string> files, string oldCheckpoint, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count, nameof(files));
        ArgumentNullException.ThrowIfNull(oldCheckpoint);
        string path = CheckpointsPath.Find(files[^1]);
        Checkpoint old = await LatestCheckpoint.ParseAsync(oldCheckpoint, cancellationToken).ConfigureAwait(false);
        (SignedNote note, Checkpoint latest) = await LatestCheckpoint.ReadAsync(path, cancellationToken).ConfigureAwait(false);
        if (FaultOf(path, old, latest) is { } differs)
        {
            throw new AuditLogException(differs);
        }

        using var tree = new TreeOfLog(path, latest.Size, MerkleRange.ThatContinue(old.Size, latest.Size));
        await tree.ReadAsync(files, [old, latest], cancellationToken).ConfigureAwait(false);
        return new AuditConsistencyProof(old.Size, latest.Size, tree.Hashes, Encoding.UTF8.GetString(note.ToBytes()));
    }

    private static AuditLogFault? FaultOf(string path, Checkpoint old, Checkpoint latest)
    {
        if (old.Origin != latest.Origin)
        {
            return new AuditLogFault(AuditFaultKind.CheckpointDiffers, path, 0, latest.Size,
                "The older checkpoint is of another log, which has another origin.");
        }

        return old.Size <= latest.Size
            ? null
            : new AuditLogFault(AuditFaultKind.CutOff, path, 0, latest.Size,
                string.Create(CultureInfo.InvariantCulture,
                    $"The older checkpoint signs {old.Size} lines, and the log's latest {latest.Size}: the log's end was cut off."));
    }
}
