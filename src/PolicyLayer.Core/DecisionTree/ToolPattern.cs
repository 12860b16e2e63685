namespace PolicyLayer.DecisionTree;

/// <summary>An exact tool name, or one in which each <c>*</c> stands for any run of characters, none included.</summary>
/// <param name="Text">The pattern as it is written; no two <c>*</c> are next to each other.</param>
internal readonly record struct ToolPattern(string Text)
{
    public const char Star = '*';

    private int FirstStar => Text.IndexOf(Star, StringComparison.Ordinal);

    public bool IsExact => FirstStar < 0;

    /// <summary>Whether a <c>*</c> stands elsewhere than only at the end.</summary>
    public bool IsWildcard => FirstStar is >= 0 and var star && star < Text.Length - 1;

    /// <summary>What stands before the first <c>*</c>; of an exact name, all of it.</summary>
    public ReadOnlySpan<char> Head => FirstStar is >= 0 and var star ? Text.AsSpan(0, star) : Text;

    /// <summary>What stands after the last <c>*</c>; of an exact name, all of it.</summary>
    private ReadOnlySpan<char> End => Text.AsSpan(Text.LastIndexOf(Star) + 1);

    /// <summary>How many characters stand beside the <c>*</c>.</summary>
    public int Characters => Text.Length - Text.AsSpan().Count(Star);

    /// <summary>
    /// Whether a name matches; or whether every name that another pattern matches does: a <c>*</c> of its text is a character that only a
    /// <c>*</c> of this one matches.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> head = Head;
        return head.Length == Text.Length ? name.SequenceEqual(Text) : name.StartsWith(head) && MatchesAfterHead(name[head.Length..]);
    }

    /// <summary>
    /// Whether this pattern wins over another for some name that both match. They match one together when their heads and ends agree, as
    /// far as both reach: their other parts may stand one after another between them.
    /// </summary>
    public bool TakesNamesFrom(ToolPattern pattern) =>
        Precedes(this, pattern) && Agree(Head, pattern.Head) && AgreeAtEnd(End, pattern.End);

    /// <summary>
    /// Whether the rest of a name that begins with the head matches. The end is looked for at the end, and each part before it where it
    /// comes first: a later place would leave less to those after it, so nothing is tried twice.
    /// </summary>
    public bool MatchesAfterHead(ReadOnlySpan<char> rest)
    {
        int lastStar = Text.LastIndexOf(Star);
        ReadOnlySpan<char> end = End;
        if (!rest.EndsWith(end))
        {
            return false;
        }

        rest = rest[..^end.Length];
        int part = FirstStar + 1;
        while (part <= lastStar)
        {
            int length = Text.AsSpan(part).IndexOf(Star);
            ReadOnlySpan<char> between = Text.AsSpan(part, length);
            int found = rest.IndexOf(between);
            if (found < 0)
            {
                return false;
            }

            rest = rest[(found + length)..];
            part += length + 1;
        }

        return true;
    }

    /// <summary>Whether a name that two patterns match belongs to the first of them.</summary>
    private static bool Precedes(ToolPattern first, ToolPattern second)
    {
        int order = second.Head.Length.CompareTo(first.Head.Length);
        order = order != 0 ? order : second.Characters.CompareTo(first.Characters);
        return (order != 0 ? order : string.CompareOrdinal(first.Text, second.Text)) < 0;
    }

    private static bool Agree(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.StartsWith(b) || b.StartsWith(a);

    private static bool AgreeAtEnd(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.EndsWith(b) || b.EndsWith(a);
}
