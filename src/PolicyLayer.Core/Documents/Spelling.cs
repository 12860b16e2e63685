namespace PolicyLayer.Documents;

/// <summary>
/// Finds the word that was meant: the nearest by insertions, deletions, replacements and swaps of neighbours. What it costs is bounded,
/// whatever was written and however many words there are.
/// </summary>
internal static class Spelling
{
    /// <summary>How many words are looked at; of more, the first ones.</summary>
    public const int MaxWords = 1_000;

    private const int MaxLength = 40;

    /// <summary>No longer word is near enough to one of <see cref="MaxLength"/>.</summary>
    public const int MaxWordLength = 60;

    public static string? Suggest(string written, ReadOnlySpan<string> words)
    {
        if (written.Length > MaxLength)
        {
            return null;
        }

        string lower = written.ToLowerInvariant();
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string word in words[..Math.Min(words.Length, MaxWords)])
        {
            // No distance is less than that of the lengths.
            if (word.Length > MaxWordLength || Math.Abs(lower.Length - word.Length) >= bestDistance)
            {
                continue;
            }

            int distance = Distance(lower, word);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3) ? $"did you mean `{best}`?" : null;
    }

    private static int Distance(string a, string b)
    {
        Span<int> beforeLast = stackalloc int[MaxWordLength + 1];
        Span<int> last = stackalloc int[MaxWordLength + 1];
        Span<int> row = stackalloc int[MaxWordLength + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }

        return row[b.Length];
    }
}
