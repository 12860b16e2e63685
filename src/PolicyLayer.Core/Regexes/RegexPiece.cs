namespace PolicyLayer.Regexes;

/// <summary>A part of the translated pattern: text of the engine's own syntax, or a set of code points still to be written.</summary>
internal readonly record struct RegexPiece(string? Text, CodePointSet? Set);
