using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Lines that are broken at spaces alone: pointers stay whole, to be copied, and one that is longer than the width stands out.
/// <see cref="FoldedText"/> keeps to the width whatever it costs.
/// </summary>
internal static class WrappedText
{
    /// <summary>Where a line goes on: deeper than any begins, so that no part of a text looks like a line of its own.</summary>
    private const string Indent = "        ";

    /// <summary>Adds a line.</summary>
    /// <param name="output">What it is added to.</param>
    /// <param name="text">The line, deceptive characters marked.</param>
    /// <param name="width">The columns that a line may have.</param>
    public static void AppendLine(StringBuilder output, string text, int width)
    {
        int used = Math.Max(text.AsSpan().IndexOfAnyExcept(' '), 0);
        output.Append(' ', used);
        bool isFirst = true;
        foreach (string word in text[used..].Split(' '))
        {
            int columns = ColumnsOf(word);
            // A break behind less than an indent would gain no column.
            if (!isFirst && used + 1 + columns > width && used >= Indent.Length)
            {
                output.Append('\n').Append(Indent);
                used = Indent.Length;
            }
            else if (!isFirst)
            {
                output.Append(' ');
                used++;
            }

            output.Append(word);
            used += columns;
            isFirst = false;
        }

        output.Append('\n');
    }

    // Colours take no room; no escape but the tool's own comes this far.
    private static int ColumnsOf(string word)
    {
        if (!word.StartsWith('\e'))
        {
            return TextColumns.Of(word);
        }

        int start = word.IndexOf('m') + 1;
        return TextColumns.Of(word[start..word.IndexOf('\e', start)]);
    }
}
