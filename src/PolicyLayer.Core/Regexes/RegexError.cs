namespace PolicyLayer.Regexes;

/// <summary>Why a pattern is refused, and where.</summary>
/// <param name="Position">Index into the pattern, in UTF-16 units, of the offending text.</param>
/// <param name="Length">Length of the offending text in UTF-16 units; 0 when something is missing there.</param>
/// <param name="Message">One line, in sentence case; text from the pattern stands in backticks, controls escaped.</param>
/// <param name="Help">What to write instead, where there is something.</param>
internal sealed record RegexError(int Position, int Length, string Message, string? Help);
