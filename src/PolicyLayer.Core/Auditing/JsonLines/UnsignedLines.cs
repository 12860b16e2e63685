using System.Text;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Auditing.Checkpoints;
using PolicyLayer.Auditing.Verification;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>The lines of a log that its last checkpoint doesn't sign yet.</summary>
internal sealed class UnsignedLines(MerkleFrontier tree) : ILineObserver
{
    /// <summary>Adds them to the tree of those before.</summary>
    /// <exception cref="AuditLogException">They don't hold, or some are gone.</exception>
    public static void AddTo(MerkleFrontier tree, LogFiles files, LogHead head, LineHash hash)
    {
        if (tree.Size == head.Sequence)
        {
            return;
        }

        (List<string> paths, string? after) = FilesFrom(tree.Size + 1, files);
        var walk = new LogWalk(new ChainCheck(hash, after), new UnsignedLines(tree));

        // A sink is opened before there is anybody to wait for.
        AuditLogFault? fault = walk.RunAsync(paths, CancellationToken.None).GetAwaiter().GetResult();
        if (fault is not null || tree.Size != head.Sequence)
        {
            throw new AuditLogException(
                $"The log `{files.Active}` can't be signed, for it doesn't hold: {fault?.ToString() ?? "lines are missing."} Keep it for "
                + "whoever looks into it, and write to another log.");
        }
    }

    public ValueTask<AuditLogFault?> TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken)
    {
        if (sequence == tree.Size + 1)
        {
            tree.Add(MerkleHash.OfLine(line.Span));
        }

        return default;
    }

    // The files from the one on that has a line, and the hash that its first line names; null for the log's first.
    private static (List<string> Paths, string? After) FilesFrom(long sequence, LogFiles files)
    {
        var paths = new List<string>();
        foreach (string path in files.Numbers().Select(files.Rotated).Append(files.Active).Reverse())
        {
            paths.Insert(0, path);
            if (FirstLineOf(path) is (long first, string previous) && first <= sequence)
            {
                return (paths, first == 1 ? null : previous);
            }
        }

        throw new AuditLogException(
            $"The log `{files.Active}` can't be signed: its first files are gone, and no checkpoint of this key says what stood in them. "
            + "Write to another log.");
    }

    private static (long Sequence, string Previous)? FirstLineOf(string path)
    {
        using FileStream file = AuditLogFile.OpenRead(path);
        var beginning = new byte[LineLength.Max + 1];
        int length = file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false);
        int end = beginning.AsSpan(0, length).IndexOf((byte)'\n');
        return end >= 0 && ChainedLine.TryParse(beginning.AsSpan(0, end), out ChainedLine line)
            ? (line.Sequence, Encoding.ASCII.GetString(line.Previous))
            : null;
    }
}
