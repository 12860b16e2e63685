using System.Text;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Auditing.Checkpoints;
using PolicyLayer.Auditing.Verification;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>
/// Opens the checkpoints of a log to go on with them: finds the last one, cuts off what a writer that died left half written, and adds to
/// its tree the lines that came since.
/// </summary>
internal static class CheckpointOpening
{
    /// <summary>More than a checkpoint has, and what a writer that died can leave of one.</summary>
    private const int MostOfNote = 16 * 1024;

    private const string WayOut = "Keep both for whoever looks into it, and write to another log.";

    /// <summary>Opens.</summary>
    /// <param name="options">With a signer.</param>
    /// <param name="files">The log's, of which this writer has the active one.</param>
    /// <param name="head">Where the log stands.</param>
    /// <param name="hash">How its lines are hashed.</param>
    /// <exception cref="AuditLogException">The checkpoints are another log's, or none; or the log isn't what they say.</exception>
    public static CheckpointWriter Open(JsonLinesAuditSinkOptions options, LogFiles files, LogHead head, LineHash hash)
    {
        IAuditSigner signer = options.Signer!;
        var key = new CheckpointKey(signer.PublicKey.Span);
        LogFile file = files.OpenCheckpoints();
        try
        {
            (SignedNote? last, long length) = ReadLast(file, signer.Origin, files.Checkpoints);
            Checkpoint? own = last is null ? null : OwnOf(last, key, signer.Origin, head, files);
            MerkleFrontier tree = own?.Tree!.Copy() ?? new MerkleFrontier();
            long signed = tree.Size;
            UnsignedLines.AddTo(tree, own?.Head, files, head, hash);
            return new CheckpointWriter(options, key, files, file, length, tree, signed);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The last whole note, and where it ends. A sink is opened before there is anybody to wait for.
    private static (SignedNote? Last, long Length) ReadLast(LogFile file, string origin, string path)
    {
        using var reader = new CheckpointReader(AuditLogFile.OpenRead(path));
        (SignedNote? last, long length) = (null, 0);
        while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult() is { IsTorn: false } read)
        {
            if (read.Note is null || read.Checkpoint is null)
            {
                throw NoCheckpoints(path);
            }

            (last, length) = (read.Note, read.End);
        }

        string beginning = last is null ? origin : "\n" + origin;
        return MayBegin(file, length, Encoding.UTF8.GetBytes(beginning)) ? (last, length) : throw NoCheckpoints(path);
    }

    // What is cut off must look like what a writer that died left: also room without bytes, where the machine lost power.
    private static bool MayBegin(LogFile file, long start, ReadOnlySpan<byte> beginning)
    {
        if (file.Length - start > MostOfNote)
        {
            return false;
        }

        var torn = new byte[(int)(file.Length - start)];
        file.Read(torn, start);
        int length = Math.Min(torn.Length, beginning.Length);
        return !torn.ContainsAnyExcept((byte)0) || torn.AsSpan(0, length).SequenceEqual(beginning[..length]);
    }

    // INVARIANT: as long as its last checkpoint is there, a key signs no log that doesn't go on with what it has signed.
    private static Checkpoint? OwnOf(SignedNote last, CheckpointKey key, string origin, LogHead head, LogFiles files)
    {
        if (Checkpoint.Parse(last.Text) is not { } checkpoint)
        {
            throw NoCheckpoints(files.Checkpoints);
        }

        if (checkpoint.Origin != origin)
        {
            throw new AuditLogException(
                $"The log `{files.Active}` has another origin in its checkpoints than the signer. Give the signer its origin, or write to "
                + "another log.");
        }

        if (checkpoint.Size > head.Sequence)
        {
            throw new AuditLogException(
                $"The log `{files.Active}` has fewer lines than the last checkpoint of `{files.Checkpoints}` signs: its end was cut off, "
                + $"or they are another log's. {WayOut}");
        }

        // Behind another key's, the whole log is read, and compared with what was signed.
        return last.IsSignedBy(key, origin) && checkpoint is { Head: not null, Tree: not null } ? checkpoint : null;
    }

    private static AuditLogException NoCheckpoints(string path) =>
        new($"The end of the file `{path}` is no checkpoint of a log, or was changed. {WayOut}");
}
