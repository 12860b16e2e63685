using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Lines that are folded to a width and never cut off: one that goes on ends with a sign which no text contains
/// (<see cref="VisibleText"/> marks it), and what follows is indented deeper than any line begins.
/// </summary>
internal static class FoldedText
{
    public const char Sign = '↩';

    private const string Indent = "        ";

    private const int Narrowest = 24;

    /// <summary>The longest unit, in UTF-16 units: some letters join without end.</summary>
    private const int MaxUnit = 16;

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 0x7F).Select(code => ((char)code).ToString())];

    /// <summary>Adds a line.</summary>
    /// <param name="output">What it is added to.</param>
    /// <param name="text">The line, deceptive characters marked.</param>
    /// <param name="width">The columns that a line may have.</param>
    public static void AppendLine(StringBuilder output, string text, int width)
    {
        // The sign has a column of its own.
        int room = Math.Max(width, Narrowest) - 1;
        int used = 0;
        var line = new List<string>();
        foreach (string unit in UnitsOf(text))
        {
            int columns = ColumnsOf(unit);
            while (used + columns > room && line.Count > 0)
            {
                List<string> rest = BreakOff(line, room);
                output.AppendJoin(null, line).Append(Sign).Append('\n').Append(Indent);
                line = rest;
                used = Indent.Length + rest.Sum(ColumnsOf);
            }

            line.Add(unit);
            used += columns;
        }

        output.AppendJoin(null, line).Append('\n');
    }

    /// <summary>What is never torn apart: marks, and characters with what is drawn over them.</summary>
    private static IEnumerable<string> UnitsOf(string text)
    {
        for (int i = 0; i < text.Length;)
        {
            int length = LengthOfUnit(text.AsSpan(i, Math.Min(MaxUnit, text.Length - i)));
            yield return length == 1 && text[i] < Ascii.Length ? Ascii[text[i]] : text.Substring(i, length);
            i += length;
        }
    }

    private static int LengthOfUnit(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("<U+", StringComparison.Ordinal))
        {
            return text.IndexOf('>') + 1;
        }

        int length = StringInfo.GetNextTextElementLength(text);
        return length > 1 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
    }

    /// <summary>
    /// Takes what stands behind the last space, if that is half a line at most; a longer word is broken where the line ends.
    /// </summary>
    private static List<string> BreakOff(List<string> line, int room)
    {
        int start = line.LastIndexOf(" ") + 1;
        List<string> rest = line[start..];
        if (start == 0 || rest.Sum(ColumnsOf) > room / 2)
        {
            return [];
        }

        line.RemoveRange(start, rest.Count);
        return rest;
    }

    private static int ColumnsOf(string unit) => unit.Length == 1 && unit[0] < 0x7F ? 1 : new Segment(unit).CellCount();
}
