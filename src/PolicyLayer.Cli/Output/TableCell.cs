namespace PolicyLayer.Cli.Output;

/// <summary>One cell of a table.</summary>
/// <param name="Text">Its text, in one line.</param>
/// <param name="IsGood">Green for true and red for false, where there are colours; null for neither.</param>
internal readonly record struct TableCell(string Text, bool? IsGood)
{
    /// <summary>Its lines in a column: broken at spaces alone, so that a word that is wider stands out.</summary>
    public IReadOnlyList<string> LinesOf(int width)
    {
        if (TextColumns.Of(Text) <= width)
        {
            return [Text];
        }

        var lines = new List<string>();
        int used = 0;
        foreach (string word in Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int columns = TextColumns.Of(word);
            if (lines.Count > 0 && used + 1 + columns <= width)
            {
                lines[^1] += " " + word;
                used += 1 + columns;
            }
            else
            {
                lines.Add(word);
                used = columns;
            }
        }

        return lines;
    }

    /// <summary>A part of its text, coloured as the cell is.</summary>
    public string Paint(string part, bool usesColor) => usesColor && part.Length > 0 && IsGood is { } isGood
        ? $"\e[{(isGood ? 32 : 31)}m{part}\e[0m"
        : part;
}
