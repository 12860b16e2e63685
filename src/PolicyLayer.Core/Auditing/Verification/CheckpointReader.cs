using PolicyLayer.Auditing.Checkpoints;

namespace PolicyLayer.Auditing.Verification;

/// <summary>A note of a file of checkpoints.</summary>
/// <param name="Line">The number of its first line, from 1.</param>
/// <param name="End">Where its last line ends, in bytes from the beginning of the file.</param>
/// <param name="Note">The note; null when it isn't whole, or none.</param>
/// <param name="Checkpoint">What it says; null when that is no checkpoint.</param>
/// <param name="IsTorn">Whether the file ends within it.</param>
internal readonly record struct ReadCheckpoint(long Line, long End, SignedNote? Note, Checkpoint? Checkpoint, bool IsTorn);

/// <summary>
/// Reads a file of checkpoints one by one, in memory that doesn't grow, up to the first that is none. Disposes the stream.
/// </summary>
internal sealed class CheckpointReader(Stream stream) : IDisposable
{
    // More than any checkpoint has: origin, size, root, frontier, an empty line, and the signatures of many.
    private const int MaxLines = 64;

    private readonly AuditLogReader _lines = new(stream);
    private long _line;

    /// <summary>The next one; null at the end of the file.</summary>
    public async ValueTask<ReadCheckpoint?> ReadAsync(CancellationToken cancellationToken)
    {
        long first = _line + 1;
        var text = new List<byte>();
        for (int count = 0; count < MaxLines; count++)
        {
            if (await ReadLineAsync(cancellationToken).ConfigureAwait(false) is not { } line)
            {
                return count == 0 ? null : NoCheckpoint(first, isTorn: true);
            }

            if (line.Form != AuditLogLineForm.Whole)
            {
                return NoCheckpoint(first, isTorn: line.Form == AuditLogLineForm.Torn);
            }

            if (line.Bytes.Length == 0)
            {
                return await ReadSignaturesAsync(first, [.. text], cancellationToken).ConfigureAwait(false);
            }

            text.AddRange(line.Bytes.Span);
            text.Add((byte)'\n');
        }

        return NoCheckpoint(first, isTorn: false);
    }

    public void Dispose() => _lines.Dispose();

    private async ValueTask<ReadCheckpoint> ReadSignaturesAsync(long first, byte[] text, CancellationToken cancellationToken)
    {
        var signatures = new List<NoteSignature>();
        while (true)
        {
            long end = _lines.Consumed;
            AuditLogLine? next = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            bool isEnd = next is null or { Form: AuditLogLineForm.Whole, Bytes.Length: 0 };
            if (isEnd && signatures.Count > 0 && text.Length > 0)
            {
                return new ReadCheckpoint(first, end, new SignedNote(text, signatures), Checkpoint.Parse(text), IsTorn: false);
            }

            if (next is not { Form: AuditLogLineForm.Whole } line
                || signatures.Count == MaxLines
                || NoteSignature.Parse(line.Bytes.Span) is not { } signature)
            {
                return NoCheckpoint(first, isTorn: next is null or { Form: AuditLogLineForm.Torn });
            }

            signatures.Add(signature);
        }
    }

    private ReadCheckpoint NoCheckpoint(long first, bool isTorn) => new(first, _lines.Consumed, null, null, isTorn);

    private async ValueTask<AuditLogLine?> ReadLineAsync(CancellationToken cancellationToken)
    {
        AuditLogLine? line = await _lines.ReadAsync(cancellationToken).ConfigureAwait(false);
        _line += line is null ? 0 : 1;
        return line;
    }
}
