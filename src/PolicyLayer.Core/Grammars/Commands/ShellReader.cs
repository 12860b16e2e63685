using System.Buffers;
using System.Text;

namespace PolicyLayer.Grammars.Commands;

/// <summary>
/// A script as sh, dash and bash all read it: its simple commands, their words, and the unquoted code points of each. What they could read
/// differently is a <see cref="Problem"/>, and nothing is read behind it.
/// </summary>
/// <remarks>INVARIANT: a copy reads what its original reads, so a command that was read whole is read again without a problem.</remarks>
internal ref struct ShellReader(ReadOnlySpan<byte> script) : ICommandWords
{
    private const byte Unquoted = 0;

    private readonly ReadOnlySpan<byte> _script = script;
    private int _at;
    private byte _quote;
    private bool _quoteSpansLines;
    private int _last = ICommandWords.EndOfWord;
    private bool _hasCommand;

    /// <summary>Why the script can't be read; null as long as it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether a redirection was passed over.</summary>
    public bool HasRedirection { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => _script[_at..];

    /// <summary>To the first command, or from one read whole to the next; false at the end or a problem. No command is a problem.</summary>
    public bool MoveNextCommand()
    {
        if (Problem is not null)
        {
            return false;
        }

        bool mayEnd = SkipJoin();
        SkipBlanks();
        if (_at == _script.Length)
        {
            Problem = mayEnd && _hasCommand ? null : CommandProblems.Empty;
            return false;
        }

        _hasCommand = true;
        if (IsJoin(_script[_at]))
        {
            Problem = _script[_at] == '&' ? CommandProblems.Background : CommandProblems.Empty;
        }

        return Problem is null;
    }

    /// <summary>Reads the command to its end, for its problems' sake.</summary>
    public void ReadCommand()
    {
        if (!MoveNextWord())
        {
            Problem ??= CommandProblems.Empty;
            return;
        }

        Problem = ProgramWord.FindProblem(this);
        do
        {
            ReadWord();
        }
        while (MoveNextWord());
    }

    public void ReadWord()
    {
        while (ReadCodePoint() != ICommandWords.EndOfWord)
        {
        }
    }

    public bool MoveNextWord()
    {
        _last = ICommandWords.EndOfWord;
        do
        {
            SkipBlanks();
        }
        while (SkipRedirection());

        return Problem is null && _at < _script.Length && !IsJoin(_script[_at]);
    }

    public int ReadCodePoint()
    {
        while (Problem is null && _at < _script.Length)
        {
            byte next = _script[_at];
            if (_quote == Unquoted && EndsWord(next))
            {
                // `a2>` is the word `a2` to some readers and `a` with a numbered redirection to others.
                Problem = next is (byte)'<' or (byte)'>' && char.IsAsciiDigit((char)_last) ? CommandProblems.Redirection : null;
                return ICommandWords.EndOfWord;
            }

            if (_quote == Unquoted ? next is (byte)'\'' or (byte)'"' : next == _quote)
            {
                _quote = _quote == Unquoted ? next : Unquoted;
                _quoteSpansLines = false;
                _at++;
                continue;
            }

            _last = ReadCharacter();
            _quoteSpansLines |= _last == '\n';
            return _last;
        }

        Problem ??= _quote == Unquoted ? null : CommandProblems.UnclosedQuote;
        return ICommandWords.EndOfWord;
    }

    private int ReadCharacter()
    {
        bool isEscaped = false;
        if (_script[_at] == '\\')
        {
            Problem = FindBackslashProblem();
            isEscaped = Problem is null && EscapesNext();
            _at += isEscaped ? 1 : 0;
        }

        int codePoint = _script[_at];
        int length = 1;
        if (codePoint >= 0x80)
        {
            bool isWellFormed = Rune.DecodeFromUtf8(Rest, out Rune rune, out length) == OperationStatus.Done;
            Problem ??= isWellFormed ? null : CommandProblems.Encoding;
            codePoint = rune.Value;
        }

        Problem ??= FindCharacterProblem(codePoint, isEscaped);
        _at += length;
        return Problem is null ? codePoint : ICommandWords.EndOfWord;
    }

    private readonly string? FindBackslashProblem()
    {
        if (_at + 1 == _script.Length || _script[_at + 1] == '\n')
        {
            return CommandProblems.Backslash;
        }

        // bash takes the backslash for the second byte of a character where the locale is, say, ja_JP.SJIS.
        return _quote == '"' && _script[_at - 1] >= 0x80 ? CommandProblems.BackslashBehindCharacter : null;
    }

    private readonly bool EscapesNext() => _quote switch
    {
        Unquoted => true,
        (byte)'"' => _script[_at + 1] is (byte)'"' or (byte)'\\',
        _ => false,
    };

    private readonly string? FindCharacterProblem(int codePoint, bool isEscaped)
    {
        if ((codePoint < ' ' && codePoint is not ('\t' or '\n')) || codePoint is >= 0x7F and < 0xA0)
        {
            return CommandProblems.Control;
        }

        // Where bash keeps a history, it looks at each line by itself: `^` at its start, and before bash 5 `!` behind a quote's first line.
        if ((codePoint == '^' && (_at == 0 || _script[_at - 1] == '\n')) || (codePoint == '!' && _quoteSpansLines))
        {
            return CommandProblems.History;
        }

        if (_quote == '\'')
        {
            return null;
        }

        if (codePoint is '$' or '`' or '!')
        {
            return CommandProblems.Expansion;
        }

        return _quote == Unquoted ? FindUnquotedProblem(codePoint, isEscaped) : null;
    }

    private readonly string? FindUnquotedProblem(int codePoint, bool isEscaped)
    {
        if (codePoint >= 0x80 || isEscaped)
        {
            return codePoint >= 0x80 ? CommandProblems.NonAscii : null;
        }

        return codePoint switch
        {
            '(' or ')' => CommandProblems.Parenthesis,
            '{' or '}' => CommandProblems.Brace,
            '*' or '?' or '[' => CommandProblems.Glob,
            '~' when _last is ICommandWords.EndOfWord or '=' or ':' => CommandProblems.Tilde,
            '#' when _last is ICommandWords.EndOfWord => CommandProblems.Comment,
            _ => null,
        };
    }

    /// <summary>Past what joins two commands, or the empty lines before the first; whether the script may end here.</summary>
    private bool SkipJoin()
    {
        SkipBlanks();
        if (_at == _script.Length || _script[_at] == '\n')
        {
            _at += Rest.IndexOfAnyExcept(" \t\n"u8) is >= 0 and int blanks ? blanks : Rest.Length;
            return true;
        }

        byte join = _script[_at];
        if (!_hasCommand || !IsJoin(join))
        {
            return false;
        }

        bool isDoubled = join != ';' && _at + 1 < _script.Length && _script[_at + 1] == join;
        if (isDoubled || join != '&')
        {
            _at += isDoubled ? 2 : 1;
        }

        return join == ';';
    }

    private void SkipBlanks() => _at += Rest.IndexOfAnyExcept((byte)' ', (byte)'\t') is >= 0 and int blanks ? blanks : Rest.Length;

    /// <summary>Past one of the redirections that change no file; any other is a problem.</summary>
    private bool SkipRedirection()
    {
        ReadOnlySpan<byte> rest = Rest;
        int digits = !rest.IsEmpty && char.IsAsciiDigit((char)rest[0]) ? 1 : 0;
        if (rest.Length == digits || rest[digits] is not ((byte)'<' or (byte)'>'))
        {
            return false;
        }

        int length = LengthOfRedirection(rest, digits);
        if (length == 0 || (length < rest.Length && !IsBlank(rest[length]) && !IsJoin(rest[length])))
        {
            Problem ??= rest[digits..].StartsWith("<<"u8) ? CommandProblems.HereDocument : CommandProblems.Redirection;
            return false;
        }

        HasRedirection = true;
        _at += length;
        return true;
    }

    private static int LengthOfRedirection(ReadOnlySpan<byte> rest, int digits)
    {
        if (rest.StartsWith("2>&1"u8))
        {
            return "2>&1"u8.Length;
        }

        int target = digits + (rest[digits..].StartsWith(">>"u8) ? 2 : 1);
        target = rest.Length - rest[target..].TrimStart(" \t"u8).Length;
        return rest[target..].StartsWith("/dev/null"u8) ? target + "/dev/null"u8.Length : 0;
    }

    private static bool EndsWord(byte next) => IsBlank(next) || IsJoin(next) || next is (byte)'<' or (byte)'>';

    private static bool IsBlank(byte next) => next is (byte)' ' or (byte)'\t';

    private static bool IsJoin(byte next) => next is (byte)'|' or (byte)'&' or (byte)';' or (byte)'\n';
}
