namespace PolicyLayer.Regexes;

internal static class RegexAssertionExtensions
{
    /// <summary>Whether the assertion asks what follows; it can't be decided before that is known.</summary>
    public static bool LooksAhead(this RegexAssertion assertion) =>
        assertion is not (RegexAssertion.TextStart or RegexAssertion.LineStart);

    public static bool LooksBehind(this RegexAssertion assertion) =>
        assertion is not (RegexAssertion.TextEnd or RegexAssertion.LineEnd);

    public static bool Holds(this RegexAssertion assertion, RegexNeighbour before, RegexNeighbour after) => assertion switch
    {
        RegexAssertion.TextStart => before == RegexNeighbour.Edge,
        RegexAssertion.TextEnd => after == RegexNeighbour.Edge,
        RegexAssertion.LineStart => before is RegexNeighbour.Edge or RegexNeighbour.Newline,
        RegexAssertion.LineEnd => after is RegexNeighbour.Edge or RegexNeighbour.Newline,
        RegexAssertion.WordBoundary => (before == RegexNeighbour.WordCharacter) != (after == RegexNeighbour.WordCharacter),
        _ => (before == RegexNeighbour.WordCharacter) == (after == RegexNeighbour.WordCharacter),
    };
}
