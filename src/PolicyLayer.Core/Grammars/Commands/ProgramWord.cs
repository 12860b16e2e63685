namespace PolicyLayer.Grammars.Commands;

/// <summary>A command's first word, where a shell looks for more than a program. Quotes don't help: no program needs such a name.</summary>
internal static class ProgramWord
{
    /// <summary>One more than the longest reserved word has.</summary>
    private const int BufferLength = 10;

    /// <param name="reader">Stands at the word; a copy, so that the caller can still read it.</param>
    public static string? FindProblem(ShellReader reader)
    {
        Span<char> start = stackalloc char[BufferLength];
        int length = 0;
        bool isName = true;
        bool isNameAndPlus = false;
        for (int next; (next = reader.ReadCodePoint()) != ICommandWords.EndOfWord; length++)
        {
            if (next == '%' && length == 0)
            {
                return CommandProblems.Job;
            }

            if (next == '=' && length > 0 && (isName || isNameAndPlus))
            {
                return CommandProblems.Assignment;
            }

            isNameAndPlus = isName && length > 0 && next == '+';
            isName &= IsOfName(next, isFirst: length == 0);
            if (length < BufferLength)
            {
                start[length] = next < 0x80 ? (char)next : '\0';
            }
        }

        return reader.Problem ?? (length < BufferLength && IsReserved(start[..length]) ? CommandProblems.ReservedWord : null);
    }

    private static bool IsOfName(int codePoint, bool isFirst)
    {
        char character = codePoint < 0x80 ? (char)codePoint : '\0';
        return character == '_' || char.IsAsciiLetter(character) || (!isFirst && char.IsAsciiDigit(character));
    }

    /// <summary>POSIX's reserved words, those that it lets shells add, and bash's.</summary>
    private static bool IsReserved(ReadOnlySpan<char> word) => word is
        "!" or "{" or "}" or "case" or "do" or "done" or "elif" or "else" or "esac" or "fi" or "for" or "if" or "in" or "then" or "until"
        or "while" or "[[" or "]]" or "function" or "namespace" or "select" or "time" or "coproc";
}
