namespace PolicyLayer.Grammars.Commands;

/// <summary>One command's words after unquoting, each read one code point at a time. A copy reads them anew.</summary>
internal interface ICommandWords
{
    /// <summary>What stands behind the last code point of a word.</summary>
    const int EndOfWord = -1;

    /// <summary>To the first word, or from a word read to its end to the next; false when there is none.</summary>
    bool MoveNextWord();

    /// <summary>The word's next code point, or <see cref="EndOfWord"/>.</summary>
    int ReadCodePoint();
}
