namespace PolicyLayer.Regexes;

/// <summary>Whether a pattern holds of whole texts only.</summary>
internal static class RegexAnchors
{
    /// <summary>
    /// Whether every alternative begins with <c>^</c> or <c>\A</c> and ends with <c>$</c> or <c>\z</c>. In lines, under <c>(?m)</c>, those
    /// hold at places within the text, and don't count.
    /// </summary>
    public static bool AreAtBothEnds(RegexNode pattern) => IsAt(pattern, atStart: true) && IsAt(pattern, atStart: false);

    private static bool IsAt(RegexNode node, bool atStart) => node switch
    {
        RegexNode.Assertion assertion => assertion.Kind == (atStart ? RegexAssertion.TextStart : RegexAssertion.TextEnd),
        RegexNode.Sequence sequence => IsAt(sequence.Parts, atStart),
        RegexNode.Alternatives alternatives => AreAllAt(alternatives.Parts, atStart),
        RegexNode.Repeated repeated => repeated.Min > 0 && IsAt(repeated.Part, atStart),
        _ => false,
    };

    private static bool IsAt(ReadOnlySpan<RegexNode> parts, bool atStart)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            RegexNode part = parts[atStart ? i : parts.Length - 1 - i];
            if (IsAt(part, atStart))
            {
                return true;
            }

            // What reads nothing may stand before an anchor.
            if (part is not (RegexNode.Assertion or RegexNode.Sequence { Parts.Length: 0 }))
            {
                return false;
            }
        }

        return false;
    }

    private static bool AreAllAt(ReadOnlySpan<RegexNode> parts, bool atStart)
    {
        foreach (RegexNode part in parts)
        {
            if (!IsAt(part, atStart))
            {
                return false;
            }
        }

        return true;
    }
}
