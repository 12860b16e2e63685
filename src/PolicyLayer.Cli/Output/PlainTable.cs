using System.Globalization;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// A table in the width of the output, its lines broken at spaces alone: pointers and names stay whole, to be copied. Where it doesn't
/// fit, a row is a paragraph.
/// </summary>
/// <param name="columns">The columns' names.</param>
internal sealed class PlainTable(params string[] columns)
{
    private readonly List<TableCell[]> _rows = [];

    public int Rows => _rows.Count;

    /// <summary>Whether the last column may be wider than the output: a path is then in one line with what stands before it.</summary>
    public bool LastStandsOut { get; init; }

    public static TableCell Cell(string? text, bool? isGood = null) => new(OneLine(text ?? ""), isGood);

    /// <summary>
    /// Names come from agents and policies: characters that steer a terminal, or reorder and hide what it shows, must not reach it.
    /// </summary>
    public static string OneLine(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.GetUnicodeCategory(source[i]) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator ? ' ' : source[i];
            }
        });

    public void AddRow(params TableCell[] cells) => _rows.Add(cells);

    /// <summary>Writes the table; false where it doesn't fit, and nothing was written.</summary>
    public bool TryWrite(CommandEnvironment environment)
    {
        if (ColumnWidths.Of(columns, _rows, environment.TextWidth, LastStandsOut) is not { } widths)
        {
            return false;
        }

        var text = new StringBuilder();
        Append(text, [.. columns.Select(name => Cell(name))], widths, usesColor: false);
        text.Append('─', widths.Sum() + (ColumnWidths.Gap * (widths.Length - 1))).Append('\n');
        foreach (TableCell[] row in _rows)
        {
            Append(text, row, widths, environment.UsesColor);
        }

        Write(text, environment);
        return true;
    }

    /// <summary>Writes the table, or its rows as paragraphs.</summary>
    public void Write(CommandEnvironment environment)
    {
        if (TryWrite(environment))
        {
            return;
        }

        var text = new StringBuilder();
        foreach (TableCell[] row in _rows)
        {
            string indent = "";
            for (int i = 0; i < row.Length; i++)
            {
                if (row[i].Text.Length > 0)
                {
                    TableCell cell = row[i];
                    string value = cell.Paint(cell.Text, environment.UsesColor && !cell.Text.Contains(' ', StringComparison.Ordinal));
                    WrappedText.AppendLine(text, $"{indent}{columns[i]}: {value}", environment.TextWidth);
                    indent = "  ";
                }
            }
        }

        Write(text, environment);
    }

    private static void Append(StringBuilder text, TableCell[] row, int[] widths, bool usesColor)
    {
        IReadOnlyList<string>[] cells = [.. row.Select((cell, i) => cell.LinesOf(widths[i]))];
        int height = cells.Max(lines => lines.Count);
        for (int y = 0; y < height; y++)
        {
            // Spaces are written when something follows them.
            int missing = 0;
            for (int i = 0; i < row.Length; i++)
            {
                string part = y < cells[i].Count ? cells[i][y] : "";
                if (part.Length > 0)
                {
                    text.Append(' ', missing).Append(row[i].Paint(part, usesColor));
                    missing = 0;
                }

                missing += widths[i] - TextColumns.Of(part) + ColumnWidths.Gap;
            }

            text.Append('\n');
        }
    }

    private static void Write(StringBuilder text, CommandEnvironment environment)
    {
        environment.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        environment.Output.Flush();
    }
}
