namespace PolicyLayer.Regexes;

/// <summary>A part of a pattern that was read.</summary>
/// <param name="Node">Its syntax.</param>
/// <param name="Repetition">How often its most repeated part is repeated; 0 where no quantifier may follow.</param>
internal readonly record struct RegexTerm(RegexNode Node, int Repetition);
