namespace PolicyLayer.Cli.Output;

/// <summary>How wide the columns of a table are: each as its words ask for, and what room is left goes to those that want more.</summary>
internal static class ColumnWidths
{
    /// <summary>The columns between two columns.</summary>
    public const int Gap = 2;

    // A column isn't narrower unless its texts are: below that they would be torn to shreds.
    private const int Readable = 24;

    /// <summary>The widths that fit; null where none do without tearing words or shreds.</summary>
    /// <param name="header">The columns' names.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="width">The room that a line has.</param>
    /// <param name="standsOut">Whether the last column may be wider than its room, as nothing follows it.</param>
    public static int[]? Of(IReadOnlyList<string> header, IReadOnlyList<TableCell[]> rows, int width, bool standsOut)
    {
        int[] widths = [.. header.Select(LongestWord)];
        int[] wanted = [.. header.Select(TextColumns.Of)];
        foreach (TableCell[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                int columns = TextColumns.Of(row[i].Text);
                wanted[i] = Math.Max(wanted[i], columns);
                widths[i] = Math.Max(widths[i], Math.Max(Math.Min(columns, Readable), LongestWord(row[i].Text)));
            }
        }

        int room = width - (Gap * (widths.Length - 1));
        if (standsOut)
        {
            widths[^1] = Math.Max(Math.Min(widths[^1], room - widths[..^1].Sum()), LongestWord(header[^1]));
        }

        room -= widths.Sum();
        if (room < 0)
        {
            return null;
        }

        Share(room, widths, wanted);
        return widths;
    }

    /// <summary>Gives every column that wants more the same share, those that want least first.</summary>
    private static void Share(int room, int[] widths, int[] wanted)
    {
        int[] waiting =
            [.. Enumerable.Range(0, widths.Length).Where(i => wanted[i] > widths[i]).OrderBy(i => wanted[i] - widths[i])];
        for (int i = 0; i < waiting.Length; i++)
        {
            int more = Math.Min(wanted[waiting[i]] - widths[waiting[i]], room / (waiting.Length - i));
            widths[waiting[i]] += more;
            room -= more;
        }
    }

    private static int LongestWord(string text) => text.Split(' ').Max(TextColumns.Of);
}
