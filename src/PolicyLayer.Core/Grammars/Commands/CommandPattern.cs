namespace PolicyLayer.Grammars.Commands;

/// <summary>A pattern's words, and what it takes behind them.</summary>
internal ref struct CommandPattern(ReadOnlySpan<byte> pattern) : ICommandWords
{
    private ShellReader _words = new(pattern);

    /// <summary>What may come where <see cref="MoveNextWord"/> found no more words.</summary>
    public FurtherWords Further { get; private set; }

    /// <summary>Null if the pattern parses, else what stands in it that may not.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> pattern)
    {
        var words = new CommandPattern(pattern);
        bool isEmpty = true;
        for (; words.MoveNextWord(); isEmpty = false)
        {
            string? problem = isEmpty ? ProgramWord.FindProblem(words._words) : null;
            words._words.ReadWord();
            if ((problem ?? words._words.Problem) is { } found)
            {
                return found;
            }
        }

        if (words._words.Problem is { } last)
        {
            return last;
        }

        if (words._words.HasRedirection || (words.Further == FurtherWords.None && !words._words.Rest.IsEmpty))
        {
            return CommandProblems.MoreThanWords;
        }

        return isEmpty && words.Further == FurtherWords.None ? CommandProblems.Empty : null;
    }

    /// <summary>Whether a pattern without a problem names no program, and so takes any: <c>*</c>, <c>./*</c> or <c>**</c> alone.</summary>
    public static bool NamesNoProgram(ReadOnlySpan<byte> pattern)
    {
        var words = new CommandPattern(pattern);
        return !words.MoveNextWord();
    }

    public bool MoveNextWord()
    {
        if (!_words.MoveNextWord())
        {
            return false;
        }

        Further = FurtherWordsAt(_words.Rest);
        return Further == FurtherWords.None;
    }

    public int ReadCodePoint() => _words.ReadCodePoint();

    /// <summary>The three are special only as the last word: elsewhere their <c>*</c> is a problem once the word is read.</summary>
    private static FurtherWords FurtherWordsAt(ReadOnlySpan<byte> rest)
    {
        (FurtherWords further, int length) = rest switch
        {
            [(byte)'*', (byte)'*', ..] => (FurtherWords.Any, 2),
            [(byte)'*', ..] => (FurtherWords.Operands, 1),
            [(byte)'.', (byte)'/', (byte)'*', ..] => (FurtherWords.RelativePaths, 3),
            _ => (FurtherWords.None, 0),
        };
        return rest[length..].TrimStart(" \t"u8).IsEmpty ? further : FurtherWords.None;
    }
}
