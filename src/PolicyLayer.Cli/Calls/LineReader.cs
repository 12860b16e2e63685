namespace PolicyLayer.Cli.Calls;

/// <summary>Reads lines of bytes as they come in, without waiting for more than the line itself.</summary>
internal sealed class LineReader(Stream stream)
{
    public const int MaxLength = 256 * 1024 * 1024;

    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end, or null after the last one. It stands until the next line is read.</summary>
    /// <exception cref="FormatException">The line is too long.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        int scanned = 0;
        while (true)
        {
            int length = _buffer.AsSpan((_start + scanned).._end).IndexOf((byte)'\n');
            if (length >= 0)
            {
                return Take(scanned + length, endLength: 1);
            }

            scanned = _end - _start;
            MakeRoom();

            // A console's stream doesn't heed the token while it waits for input.
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).AsTask()
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return scanned == 0 ? default(ReadOnlyMemory<byte>?) : Take(scanned, endLength: 0);
            }

            _end += count;
        }
    }

    private ReadOnlyMemory<byte> Take(int length, int endLength)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, length);
        _start += length + endLength;
        return line;
    }

    private void MakeRoom()
    {
        int length = _end - _start;
        if (length >= MaxLength)
        {
            throw new FormatException("The line is too long.");
        }

        if (_start > 0)
        {
            // Moves only what remains of a line, so that no byte is moved twice for one line.
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
            _start = 0;
            _end = length;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
