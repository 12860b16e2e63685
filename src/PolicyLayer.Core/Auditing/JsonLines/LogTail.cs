using PolicyLayer.Auditing.Chain;

namespace PolicyLayer.Auditing.JsonLines;

/// <summary>The end of a file of a log, read without the rest of it.</summary>
/// <param name="WholeLength">The length of the file up to the end of its last whole line.</param>
/// <param name="LastLine">That line, without its end; null when the file has none.</param>
/// <param name="Torn">The first bytes of what stands behind it; empty when nothing does.</param>
internal sealed record LogTail(long WholeLength, byte[]? LastLine, byte[] Torn)
{
    // More than one write has: a machine that lost power may leave all of a write's room and none of its bytes.
    private const int MaxTorn = 4 * 1024 * 1024;

    private const int MostOfTorn = 64;

    /// <summary>Reads; null when no line ends where one would.</summary>
    public static LogTail? Read(LogFile file)
    {
        long length = file.Length;
        var end = new byte[(int)Math.Min(length, LineLength.Max + 2)];
        if (FindEnd(file, length, end) is not { } whole)
        {
            return null;
        }

        var torn = new byte[(int)Math.Min(length - whole, MostOfTorn)];
        file.Read(torn, whole);
        if (whole == 0)
        {
            return new LogTail(0, null, torn);
        }

        // The line's own end is left out, and the end of the line before looked for.
        long from = Math.Max(0, whole - 1 - end.Length);
        Span<byte> before = end.AsSpan(0, (int)(whole - 1 - from));
        file.Read(before, from);
        return new LogTail(whole, before[(before.LastIndexOf((byte)'\n') + 1)..].ToArray(), torn);
    }

    // Where the last whole line ends: 0 when the file has none and may be the beginning of one.
    private static long? FindEnd(LogFile file, long length, Span<byte> buffer)
    {
        long to = length;
        while (to > 0 && length - to < MaxTorn)
        {
            long from = Math.Max(0, to - buffer.Length);
            Span<byte> chunk = buffer[..(int)(to - from)];
            file.Read(chunk, from);
            int at = chunk.LastIndexOf((byte)'\n');
            if (at >= 0)
            {
                return from + at + 1;
            }

            to = from;
        }

        return to == 0 ? 0 : null;
    }
}
