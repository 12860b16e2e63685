namespace PolicyLayer.Cli.Calls;

/// <summary>The lines of a stream that say something: a byte order mark, blank lines and comments are passed over, and counted.</summary>
internal sealed class CallLines(Stream stream)
{
    private readonly LineReader _reader = new(stream);

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    // What JSON takes for white space.
    private static ReadOnlySpan<byte> White => " \t\r"u8;

    /// <summary>The number of the line that was read last, from 1; where reading failed, of the one that couldn't be read.</summary>
    public long Number { get; private set; }

    /// <summary>The next line, without its end, or null after the last one. It stands until the next one is read.</summary>
    /// <exception cref="FormatException">The line is too long, or a comment that others would read as several lines.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Number++;
            if (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is not { } line)
            {
                return null;
            }

            if (Number == 1 && line.Span.StartsWith(Mark))
            {
                line = line[Mark.Length..];
            }

            ReadOnlySpan<byte> text = line.Span.Trim(White);
            if (text.Length > 0 && !text.StartsWith("//"u8))
            {
                return line;
            }

            if (text.Contains((byte)'\r'))
            {
                // An editor shows what stands behind it as lines of their own, which would be judged by nobody.
                throw new FormatException("A carriage return stands in a comment: lines end with a line feed.");
            }
        }
    }
}
