using PolicyLayer.Json.Values;

namespace PolicyLayer.Grammars.Commands;

/// <summary>One command against patterns: words are equal exactly, after unquoting.</summary>
internal static class CommandMatch
{
    private const int NotOnlyDots = -1;

    /// <summary>
    /// Whether some pattern takes the command. One that would but for the case of the program's name leaves it unjudgeable: there are file
    /// systems on which <c>RM</c> is <c>rm</c>.
    /// </summary>
    public static Judgement Judge<TWords>(TWords command, TextPatterns patterns)
        where TWords : struct, ICommandWords, allows ref struct
    {
        Judgement any = Judgement.False;
        foreach (ReadOnlySpan<byte> pattern in patterns)
        {
            any = any.Or(Judge(command, pattern));
            if (any == Judgement.True)
            {
                break;
            }
        }

        return any;
    }

    private static Judgement Judge<TWords>(TWords command, ReadOnlySpan<byte> pattern)
        where TWords : struct, ICommandWords, allows ref struct
    {
        var expected = new CommandPattern(pattern);
        Judgement program = Judgement.True;
        for (bool isProgram = true; expected.MoveNextWord(); isProgram = false)
        {
            Judgement word = command.MoveNextWord() ? JudgeWord(ref command, ref expected, isProgram) : Judgement.False;
            program = isProgram ? word : program;
            if (word == Judgement.False)
            {
                return word;
            }
        }

        return program.And(Judgements.Of(TakesRest(ref command, expected.Further)));
    }

    private static Judgement JudgeWord<TWords>(ref TWords command, ref CommandPattern expected, bool isProgram)
        where TWords : struct, ICommandWords, allows ref struct
    {
        Judgement equal = Judgement.True;
        while (true)
        {
            int wanted = expected.ReadCodePoint();
            int found = command.ReadCodePoint();
            if (wanted != found)
            {
                if (!isProgram || NameFolding.Fold(wanted) != NameFolding.Fold(found))
                {
                    return Judgement.False;
                }

                equal = Judgement.Unjudgeable;
            }
            else if (wanted == ICommandWords.EndOfWord)
            {
                return equal;
            }
        }
    }

    private static bool TakesRest<TWords>(ref TWords command, FurtherWords further)
        where TWords : struct, ICommandWords, allows ref struct
    {
        if (further == FurtherWords.Any)
        {
            return true;
        }

        while (command.MoveNextWord())
        {
            bool isTaken = further switch
            {
                FurtherWords.Operands => IsOperand(ref command),
                FurtherWords.RelativePaths => IsRelativePath(ref command),
                _ => false,
            };
            if (!isTaken)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOperand<TWords>(ref TWords command)
        where TWords : struct, ICommandWords, allows ref struct
    {
        int first = command.ReadCodePoint();
        for (int next = first; next != ICommandWords.EndOfWord; next = command.ReadCodePoint())
        {
        }

        return first != '-';
    }

    private static bool IsRelativePath<TWords>(ref TWords command)
        where TWords : struct, ICommandWords, allows ref struct
    {
        int next = command.ReadCodePoint();
        if (next is '-' or '/')
        {
            return false;
        }

        for (int dots = 0; ; next = command.ReadCodePoint())
        {
            switch (next)
            {
                case '/' or ICommandWords.EndOfWord when dots == 2:
                    return false;
                case ICommandWords.EndOfWord:
                    return true;
                case '/':
                    dots = 0;
                    break;
                case '.' when dots >= 0:
                    dots++;
                    break;
                default:
                    dots = NotOnlyDots;
                    if (!IsOfPath(next))
                    {
                        return false;
                    }

                    break;
            }
        }
    }

    private static bool IsOfPath(int codePoint) =>
        codePoint < 0x80 && (char.IsAsciiLetterOrDigit((char)codePoint) || codePoint is '_' or '.' or '-' or '@' or '+' or ',' or '=');
}
