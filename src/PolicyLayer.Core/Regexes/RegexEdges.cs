namespace PolicyLayer.Regexes;

/// <summary>
/// Leaves out of a pattern that is searched anywhere what its being found doesn't hang on: a match that begins or ends with a loop holds
/// a shorter match, that of the fewest rounds. <c>.*foo[a-z]+</c> is found wherever <c>foo[a-z]</c> is.
/// </summary>
internal static class RegexEdges
{
    public static RegexNode Trim(RegexNode pattern) => Trim(pattern, atStart: true, atEnd: true);

    private static RegexNode Trim(RegexNode node, bool atStart, bool atEnd)
    {
        switch (node)
        {
            case RegexNode.Repeated { Min: 0 }:
                return RegexNode.Empty;
            case RegexNode.Repeated { Min: 1 } repeated:
                return Trim(repeated.Part, atStart, atEnd);
            case RegexNode.Repeated repeated:
                return repeated.Max == repeated.Min ? repeated : new RegexNode.Repeated(repeated.Part, repeated.Min, repeated.Min);
            case RegexNode.Alternatives alternatives:
                return TrimAll(alternatives, atStart, atEnd);
            case RegexNode.Sequence sequence:
                return TrimEnds(sequence, atStart, atEnd);
            default:
                return node;
        }
    }

    private static RegexNode TrimAll(RegexNode.Alternatives alternatives, bool atStart, bool atEnd)
    {
        RegexNode[] trimmed = alternatives.Parts.ToArray();
        bool isSame = true;
        for (int i = 0; i < trimmed.Length; i++)
        {
            trimmed[i] = Trim(trimmed[i], atStart, atEnd);
            if (IsEmpty(trimmed[i]))
            {
                return trimmed[i];
            }

            isSame &= trimmed[i] == alternatives.Parts[i];
        }

        return isSame ? alternatives : RegexNode.AnyOf(trimmed);
    }

    // Each part is trimmed once at each of its ends: nested sequences cost no more than their length.
    private static RegexNode TrimEnds(RegexNode.Sequence sequence, bool atStart, bool atEnd)
    {
        ReadOnlySpan<RegexNode> parts = sequence.Parts;
        int first = 0;
        int end = parts.Length;
        RegexNode head = RegexNode.Empty;
        while (first < end && IsEmpty(head = atStart ? Trim(parts[first], true, atEnd && first == end - 1) : parts[first]))
        {
            first++;
        }

        RegexNode tail = RegexNode.Empty;
        while (end - first > 1 && IsEmpty(tail = atEnd ? Trim(parts[end - 1], false, true) : parts[end - 1]))
        {
            end--;
        }

        if (end - first <= 1)
        {
            return end < parts.Length && atEnd ? Trim(head, false, true) : head;
        }

        bool isSame = first == 0 && end == parts.Length && head == parts[first] && tail == parts[end - 1];
        return isSame ? sequence : RegexNode.InSequence([head, .. parts[(first + 1)..(end - 1)], tail]);
    }

    private static bool IsEmpty(RegexNode node) => node is RegexNode.Sequence { Parts.Length: 0 };
}
