using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Stdio;

/// <summary>
/// Reads lines from a stream, and holds no more of it than one of them. A line ends with a line feed; a carriage return before that is
/// dropped. Blank lines are passed over. For one reader at a time, and not after a reading that was cancelled.
/// </summary>
/// <param name="stream">What to read, which stays the caller's.</param>
/// <param name="maxBytes">The longest line.</param>
/// <param name="takesTorn">
/// Whether what comes last without a line feed is a line. A server's is: half a message isn't JSON, and a whole one may be the answer that
/// a call was spent for. A client's isn't: it wouldn't go on as it came, and nobody says that the client was done with it.
/// </param>
internal sealed class LineReader(Stream stream, int maxBytes, bool takesTorn)
{
    private const int LeastBuffer = 16 * 1024;

    private byte[] _buffer = new byte[LeastBuffer];
    private int _start;
    private int _end;
    private int _searched;
    private IdSearch? _long;

    /// <summary>Reads the next line.</summary>
    /// <param name="cancellationToken">Gives up, though the stream doesn't.</param>
    /// <returns>The line; null at the end.</returns>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public async ValueTask<Line?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (TakeLine(out Line line))
            {
                if (line.Fault is not null || line.Text.Length > 0)
                {
                    return line;
                }
            }

            MakeRoom();
            int count = await ReadMoreAsync(cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return TakeTorn();
            }

            _end += count;
        }
    }

    private async ValueTask<int> ReadMoreAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ValueTask<int> reading = stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);

        // A console's stream doesn't hear of the token: then the reading is left to itself, with the buffer.
        return reading.IsCompleted
            ? await reading.ConfigureAwait(false)
            : await reading.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool TakeLine(out Line line)
    {
        int length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        line = LineOf(_buffer.AsSpan(_start, _searched + length - _start));
        _start = _searched = _searched + length + 1;
        return true;
    }

    private Line? TakeTorn()
    {
        Line line = LineOf(_buffer.AsSpan(_start, _end - _start));
        _start = _searched = _end;
        return takesTorn && (line.Fault is not null || line.Text.Length > 0) ? line : null;
    }

    private Line LineOf(ReadOnlySpan<byte> text)
    {
        if (text.EndsWith("\r"u8))
        {
            text = text[..^1];
        }

        if (_long is not null || text.Length > maxBytes)
        {
            IdSearch line = _long ?? new IdSearch();
            _long = null;
            line.Take(text);
            return Line.TooLong(line);
        }

        if (text.IndexOfAnyExcept(" \t"u8) < 0)
        {
            return default;
        }

        // Some readers end a line here: to them it would be two messages.
        return new Line(text.ToArray(), text.Contains((byte)'\r') ? MessageFault.LineBreak : null);
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        if (held > maxBytes + 1 || (_long is not null && held > 0))
        {
            // What is left of it is read, and forgotten too.
            (_long ??= new IdSearch()).Take(_buffer.AsSpan(_start, held));
            held = 0;
            _start = _end;
        }

        if (_end < _buffer.Length && held > 0)
        {
            return;
        }

        byte[] next = NextBuffer(held);
        _buffer.AsSpan(_start, held).CopyTo(next);
        _buffer = next;
        (_start, _end, _searched) = (0, held, held);
    }

    private byte[] NextBuffer(int held)
    {
        // One long line doesn't keep its room for good.
        if (held == 0)
        {
            return _buffer.Length == LeastBuffer ? _buffer : new byte[LeastBuffer];
        }

        return held > _buffer.Length / 2 ? new byte[(int)Math.Min(2L * _buffer.Length, Math.Max(LeastBuffer, maxBytes + 2L))] : _buffer;
    }
}
