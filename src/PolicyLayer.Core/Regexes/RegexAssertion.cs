namespace PolicyLayer.Regexes;

/// <summary>What a pattern can say of a place in the text. Words are ASCII letters, digits and <c>_</c>; lines end at <c>\n</c>.</summary>
internal enum RegexAssertion
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
