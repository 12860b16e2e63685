using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.Verification;

/// <summary>Reads a file of a log line by line, in memory that doesn't grow. Disposes the stream.</summary>
internal sealed class AuditLogReader(Stream stream) : IDisposable
{
    private readonly byte[] _buffer = new byte[4 * (LineLength.Max + 1)];
    private int _start;
    private int _end;
    private long _number;
    private long _dropped;

    /// <summary>How many bytes the lines had that were read whole or were too long, their ends included.</summary>
    public long Consumed { get; private set; }

    /// <summary>
    /// The next line, or null at the end of the file. A line that the file ends in, and the end itself, are no last word: who asks again
    /// gets what was written since.
    /// </summary>
    public async ValueTask<AuditLogLine?> ReadAsync(CancellationToken cancellationToken)
    {
        int scanned = 0;
        while (true)
        {
            int length = _buffer.AsSpan((_start + scanned).._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(scanned + length);
            }

            scanned = _end - _start;
            if (scanned > LineLength.Max)
            {
                _dropped += scanned;
                _start = _end;
                scanned = 0;
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
            {
                return EndOfFile(scanned);
            }
        }
    }

    /// <summary>Whether the file ends within a line that was read.</summary>
    public bool IsAtEnd(in AuditLogLine line) => line.Number > _number;

    public void Dispose() => stream.Dispose();

    private AuditLogLine Take(int length)
    {
        AuditLogLineForm form = _dropped + length > LineLength.Max ? AuditLogLineForm.TooLong : AuditLogLineForm.Whole;
        var line = new AuditLogLine(_buffer.AsMemory(_start, length), ++_number, form);
        _start += length + 1;
        Consumed += _dropped + length + 1;
        _dropped = 0;
        return line;
    }

    private AuditLogLine? EndOfFile(int length)
    {
        if (_dropped > 0)
        {
            return new AuditLogLine(default, _number + 1, AuditLogLineForm.TooLong);
        }

        return length == 0 ? null : new AuditLogLine(_buffer.AsMemory(_start, length), _number + 1, AuditLogLineForm.Torn);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        // Moves only what remains of a line, so that no byte is moved twice for one line.
        int length = _end - _start;
        _buffer.AsSpan(_start, length).CopyTo(_buffer);
        (_start, _end) = (0, length);
        int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }
}
