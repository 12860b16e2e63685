namespace PolicyLayer.Text;

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

            int distance = Distance(lower, word, bestDistance);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3) ? $"did you mean `{best}`?" : null;
    }

    /// <summary>The distance of two texts; where it isn't less than a bound, the bound or more.</summary>
    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int bound)
    {
        int same = a.CommonPrefixLength(b);
        a = a[same..];
        b = b[same..];
        Span<int> beforeLast = stackalloc int[MaxWordLength + 1];
        Span<int> last = stackalloc int[MaxWordLength + 1];
        Span<int> row = stackalloc int[MaxWordLength + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        int nearest = 0;
        for (int i = 1; i <= a.Length; i++)
        {
            // A swap leads past one row, but not past two.
            int nearestBefore = nearest;
            Span<int> free = beforeLast;
            beforeLast = last;
            last = row;
            row = free;
            nearest = row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }

                nearest = Math.Min(nearest, row[j]);
            }

            if (Math.Min(nearest, nearestBefore) >= bound)
            {
                return bound;
            }
        }

        return row[b.Length];
    }
}
