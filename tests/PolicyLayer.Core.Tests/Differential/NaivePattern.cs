namespace PolicyLayer.Tests.Differential;

/// <summary>Tool patterns as their description says, by trying everything.</summary>
internal static class NaivePattern
{
    /// <summary>
    /// The exact name; else the pattern with the longest text before its first star, then with most characters beside its stars, then the
    /// first by ordinal order.
    /// </summary>
    public static string? Winner(IEnumerable<string> patterns, string tool) => patterns
        .Where(pattern => Matches(pattern, tool))
        .OrderBy(pattern => pattern.Contains('*', StringComparison.Ordinal))
        .ThenByDescending(pattern => pattern.Split('*')[0].Length)
        .ThenByDescending(pattern => pattern.Count(c => c != '*'))
        .ThenBy(pattern => pattern, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Reads the tool's name in all ways at once: after each character of the pattern, how much may have been read.</summary>
    public static bool Matches(string pattern, string tool)
    {
        var read = new HashSet<int> { 0 };
        foreach (char c in pattern)
        {
            read = c == '*'
                ? [.. Enumerable.Range(0, tool.Length + 1).Where(end => read.Any(start => start <= end))]
                : [.. read.Where(at => at < tool.Length && tool[at] == c).Select(at => at + 1)];
        }

        return read.Contains(tool.Length);
    }

    /// <summary>Whether a key is an exact name that equals the tool's in all but case.</summary>
    public static bool IsVariant(string key, string tool) =>
        !key.Contains('*', StringComparison.Ordinal) && NaiveCondition.DifferByCase(key, tool);
}
