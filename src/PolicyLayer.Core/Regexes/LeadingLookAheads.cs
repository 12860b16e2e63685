namespace PolicyLayer.Regexes;

/// <summary>A part of a pattern that is a regex of its own.</summary>
/// <param name="Pattern">The part, anchored at the beginning.</param>
/// <param name="IsExcluded">Whether it may not be found.</param>
/// <param name="Shift">What leads from an index into this pattern to the same place in the whole.</param>
internal readonly record struct RegexPart(string Pattern, bool IsExcluded, int Shift);

/// <summary>
/// Takes apart <c>^(?!A)(?=B)rest</c>: at the beginning of a text a look-ahead asks no more than whether <c>^(?:A)</c> is found.
/// </summary>
internal static class LeadingLookAheads
{
    private const string GroupPrefix = "^(?:";

    /// <summary>
    /// The look-aheads in order, and the rest; null where the pattern doesn't begin with any, where one is repeated, or where the rest
    /// has alternatives, for which the look-aheads would not hold. What isn't of the dialect is found out when the parts are compiled.
    /// </summary>
    public static List<RegexPart>? Split(string pattern)
    {
        if (pattern is not ['^', ..])
        {
            return null;
        }

        var parts = new List<RegexPart>();
        int position = 1;
        while (pattern.AsSpan(position) is ['(', '?', ('!' or '=') and var kind, ..])
        {
            int start = position + 3;
            int end = EndOfSequence(pattern, start, stopsAtAlternative: false);
            if (end == pattern.Length)
            {
                return null;
            }

            parts.Add(new RegexPart($"{GroupPrefix}{pattern[start..end]})", kind == '!', start - GroupPrefix.Length));
            position = end + 1;
        }

        bool isRepeated = pattern.AsSpan(position) is ['*' or '+' or '?' or '{', ..];
        if (parts.Count == 0 || isRepeated || EndOfSequence(pattern, position, stopsAtAlternative: true) < pattern.Length)
        {
            return null;
        }

        parts.Add(new RegexPart("^" + pattern[position..], false, position - 1));
        return parts;
    }

    /// <summary>
    /// The index of what ends a sequence: a <c>)</c> that it didn't open, if asked a <c>|</c> that is in no group, or the pattern's end.
    /// </summary>
    private static int EndOfSequence(string pattern, int start, bool stopsAtAlternative)
    {
        int depth = 0;
        for (int i = start; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    i = EndOfClass(pattern, i);
                    break;
                case '(':
                    depth++;
                    break;
                case ')' when depth-- == 0:
                case '|' when depth == 0 && stopsAtAlternative:
                    return i;
            }
        }

        return pattern.Length;
    }

    private static int EndOfClass(string pattern, int start)
    {
        int i = start + 1;
        while (i < pattern.Length && pattern[i] != ']')
        {
            i += pattern[i] == '\\' ? 2 : 1;
        }

        return i;
    }
}
