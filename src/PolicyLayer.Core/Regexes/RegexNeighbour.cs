namespace PolicyLayer.Regexes;

/// <summary>What stands beside a place in the text, as far as assertions ask.</summary>
internal enum RegexNeighbour : byte
{
    Other,
    WordCharacter,
    Newline,

    /// <summary>Nothing: the start or the end of the text.</summary>
    Edge,
}
