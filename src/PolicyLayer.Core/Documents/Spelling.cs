namespace PolicyLayer.Documents;

/// <summary>Finds the word that was meant: the nearest by insertions, deletions, replacements and swaps of neighbours.</summary>
internal static class Spelling
{
    private const int MaxLength = 40;

    public static string? Suggest(string written, ReadOnlySpan<string> words)
    {
        if (written.Length > MaxLength)
        {
            return null;
        }

        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string word in words)
        {
            int distance = Distance(written.ToLowerInvariant(), word);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, best.Length / 3) ? $"did you mean `{best}`?" : null;
    }

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                int replace = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replace, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
