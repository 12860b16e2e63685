namespace PolicyLayer.Cli.Audit;

/// <summary>Finds where the last lines of a file begin, reading no more of it than they have.</summary>
internal static class LogTail
{
    private const int BlockLength = 64 * 1024;

    /// <summary>The place of the first of the last whole lines; what follows the last line end is none.</summary>
    public static long Find(FileStream file, int lines)
    {
        var block = new byte[BlockLength];
        long end = file.Length;

        // The end of the line before the first one counts too.
        long ends = lines + 1L;
        while (end > 0)
        {
            long start = Math.Max(0, end - BlockLength);
            int length = RandomAccess.Read(file.SafeFileHandle, block.AsSpan(0, (int)(end - start)), start);
            for (int at = block.AsSpan(0, length).LastIndexOf((byte)'\n'); at >= 0; at = block.AsSpan(0, at).LastIndexOf((byte)'\n'))
            {
                if (--ends == 0)
                {
                    return start + at + 1;
                }
            }

            end = start;
        }

        return 0;
    }
}
