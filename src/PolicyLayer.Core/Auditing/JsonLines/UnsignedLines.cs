using System.Globalization;
using System.Text;
using PolicyLayer.Auditing.Chain;
using PolicyLayer.Auditing.Checkpoints;
using PolicyLayer.Auditing.Verification;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>The lines of a log that its last checkpoint doesn't sign yet: all of them, where that is another key's.</summary>
/// <param name="tree">The lines that are signed, which the others are added to.</param>
/// <param name="head">The hash in the last of them; null for none.</param>
/// <param name="checkpoints">All that there are.</param>
internal sealed class UnsignedLines(MerkleFrontier tree, string? head, CheckpointReader checkpoints) : ILineObserver
{
    private readonly long _signed = tree.Size;
    private Checkpoint? _next;

    /// <summary>Adds them to the tree of those before.</summary>
    /// <exception cref="AuditLogException">They don't hold, some are gone, or they don't go on with what was signed.</exception>
    public static void AddTo(MerkleFrontier tree, string? head, LogFiles files, LogHead last, LineHash hash)
    {
        if (tree.Size == last.Sequence)
        {
            Require(head is null || head == Encoding.ASCII.GetString(last.Hash), files, "it was written anew behind its checkpoints.");
            return;
        }

        (List<string> paths, string? after) = FilesFrom(tree.Size + 1, files);
        using var checkpoints = new CheckpointReader(AuditLogFile.OpenRead(files.Checkpoints));
        var walk = new LogWalk(new ChainCheck(hash, after), new UnsignedLines(tree, head, checkpoints));

        // A sink is opened before there is anybody to wait for.
        AuditLogFault? fault = walk.RunAsync(paths, CancellationToken.None).GetAwaiter().GetResult();
        string? problem = fault is { Line: 0 } ? fault.Message : fault?.ToString();
        Require(fault is null && tree.Size == last.Sequence, files, problem ?? "lines are missing.");
    }

    public async ValueTask<AuditLogFault?> TakeAsync(ReadOnlyMemory<byte> line, long sequence, CancellationToken cancellationToken)
    {
        if (sequence <= _signed)
        {
            return null;
        }

        if (sequence == _signed + 1)
        {
            if (!GoesOn(line.Span))
            {
                return Fault(sequence, "The line doesn't go on with what the last checkpoint signs: the log was written anew.");
            }

            await MoveNextAsync(cancellationToken).ConfigureAwait(false);
        }

        tree.Add(MerkleHash.OfLine(line.Span));
        for (; _next?.Size == sequence; await MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_next.Root.AsSpan().SequenceEqual(tree.Root()))
            {
                return Fault(sequence, "The lines up to here aren't those that a checkpoint signs: the log was written anew.");
            }
        }

        return null;
    }

    private static void Require(bool holds, LogFiles files, string problem)
    {
        if (!holds)
        {
            throw new AuditLogException(
                $"The log `{files.Active}` can't be signed, for it doesn't hold: {problem} Keep it for whoever looks into it, and write to "
                + "another log.");
        }
    }

    private static AuditLogFault Fault(long sequence, string problem)
    {
        string message = string.Create(CultureInfo.InvariantCulture, $"number {sequence}: {problem}");
        return new AuditLogFault(AuditFaultKind.CheckpointDiffers, "", 0, sequence, message);
    }

    private bool GoesOn(ReadOnlySpan<byte> line) =>
        head is null || (ChainedLine.TryParse(line, out ChainedLine chained) && Encoding.ASCII.GetString(chained.Previous) == head);

    private async ValueTask MoveNextAsync(CancellationToken cancellationToken)
    {
        do
        {
            _next = (await checkpoints.ReadAsync(cancellationToken).ConfigureAwait(false))?.Checkpoint;
        }
        while (_next?.Size <= tree.Size);
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
