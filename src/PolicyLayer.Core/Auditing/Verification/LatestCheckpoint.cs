using System.Text;
using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Reads the last checkpoint of several.</summary>
internal static class LatestCheckpoint
{
    /// <exception cref="AuditLogException">There is none.</exception>
    public static async Task<(SignedNote Note, Checkpoint Checkpoint)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new CheckpointReader(AuditLogFile.OpenRead(path));
            return await LastAsync(reader, cancellationToken).ConfigureAwait(false)
                ?? throw new AuditLogException($"The file `{path}` ends with no checkpoint: nothing can be proved of the log beside it.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AuditLogException(
                $"There is no file `{path}`: a log without checkpoints isn't signed, and nothing can be proved of it.");
        }
    }

    /// <exception cref="AuditLogException">There is none.</exception>
    public static async Task<Checkpoint> ParseAsync(string text, CancellationToken cancellationToken)
    {
        // What was copied may have lost its last line's end.
        using var reader = new CheckpointReader(new MemoryStream(Encoding.UTF8.GetBytes(text.TrimEnd('\n') + "\n")));
        return await LastAsync(reader, cancellationToken).ConfigureAwait(false) is { } last
            ? last.Checkpoint
            : throw new AuditLogException(
                "The older checkpoint is none: it is to be a signed note from its first line to its last, byte by byte as it stands in a "
                + "log's file of checkpoints.");
    }

    private static async Task<(SignedNote Note, Checkpoint Checkpoint)?> LastAsync(
        CheckpointReader reader, CancellationToken cancellationToken)
    {
        (SignedNote, Checkpoint)? last = null;
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } read)
        {
            if (read.IsTorn && last is not null)
            {
                return last;
            }

            if (read.Note is null || read.Checkpoint is null)
            {
                return null;
            }

            last = (read.Note, read.Checkpoint);
        }

        return last;
    }
}
