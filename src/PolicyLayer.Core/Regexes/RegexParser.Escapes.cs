namespace PolicyLayer.Regexes;

internal sealed partial class RegexParser
{
    private static readonly CodePointSet Digit = CodePointSet.Of(('0', '9'));
    private static readonly CodePointSet NotDigit = Digit.Complement();
    internal static readonly CodePointSet Word = CodePointSet.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));
    private static readonly CodePointSet NotWord = Word.Complement();

    // RE2's, which has no vertical tab.
    private static readonly CodePointSet WhiteSpace = CodePointSet.Of(('\t', '\n'), ('\f', '\r'), (' ', ' '));
    private static readonly CodePointSet NotWhiteSpace = WhiteSpace.Complement();

    private RegexTerm ParseEscapedAtom()
    {
        RegexAssertion? assertion = (_position + 1 < pattern.Length ? pattern[_position + 1] : '\0') switch
        {
            'A' => RegexAssertion.TextStart,
            'z' => RegexAssertion.TextEnd,
            'b' => RegexAssertion.WordBoundary,
            'B' => RegexAssertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } kind)
        {
            _position += 2;
            return Assertion(kind);
        }

        (int codePoint, CodePointSet? set) = ParseEscape();
        return set is null ? Literal(codePoint) : Character(set);
    }

    private (int CodePoint, CodePointSet? Set) ParseEscape()
    {
        int start = _position++;
        if (AtEnd)
        {
            return (Fail(start, 1, @"`\` at the end escapes nothing", @"a literal one is written `\\`"), null);
        }

        char escaped = pattern[_position++];
        return escaped switch
        {
            'd' => (0, Digit),
            'D' => (0, NotDigit),
            'w' => (0, Word),
            'W' => (0, NotWord),
            's' => (0, WhiteSpace),
            'S' => (0, NotWhiteSpace),
            'p' or 'P' => (0, ParseCategory(start)),
            'n' => ('\n', null),
            't' => ('\t', null),
            'r' => ('\r', null),
            'f' => ('\f', null),
            'v' => ('\v', null),
            'x' => (TryTake('{') ? ParseBracedHex(start) : ParseHex(start, 2), null),
            'u' => (ParseUtf16(start), null),
            _ when char.IsAscii(escaped) && (char.IsPunctuation(escaped) || char.IsSymbol(escaped)) => (escaped, null),
            _ => (RefuseEscape(start), null),
        };
    }

    private int RefuseEscape(int start)
    {
        _position = start + 1;
        int length = 1 + (char.IsHighSurrogate(Current) && _position + 1 < pattern.Length ? 2 : 1);
        string? help = Current switch
        {
            'Z' => "use `$`, which is the very end",
            'A' or 'z' or 'b' or 'B' => "an assertion has no meaning in a class",
            'G' => "use `^`",
            '0' => @"a zero character is written `\x00`",
            >= '1' and <= '9' or 'k' => "there are no back-references; use a second rule",
            'a' => @"use `\x07`",
            'e' => @"use `\x1B`",
            'Q' or 'E' => @"escape each character with `\`",
            'h' or 'R' => "name the characters in a class",
            'N' or 'X' => "use `.`",
            _ when char.IsAscii(Current) && !char.IsAsciiLetter(Current) => "it needs no escape",
            _ => null,
        };
        return Fail(start, length, $"{Quote(start, start + length)} is no escape of this dialect", help);
    }

    private CodePointSet? ParseCategory(int start)
    {
        int end = TryTake('{') ? pattern.IndexOf('}', _position) : -1;
        if (end < 0)
        {
            Fail(start, 2, $"{Quote(start, start + 2)} is not followed by a name in braces", $@"write `\{pattern[start + 1]}{{L}}`");
            return null;
        }

        ReadOnlySpan<char> name = pattern.AsSpan()[_position..end];
        _position = end + 1;
        if (GeneralCategories.Find(name) is not { } category)
        {
            Fail(start, _position - start, $"{Quote(start, _position)} names no general category",
                name is ['^', ..] ? @"use `\P{…}`"
                    : "use a category such as `L`, `Lu` or `Uppercase_Letter`; scripts are not supported");
            return null;
        }

        return isSyntaxOnly ? AnyCodePoint : category.Members(IgnoresCase, negated: pattern[start + 1] == 'P');
    }

    private int ParseHex(int start, int digits)
    {
        int value = 0;
        int end = _position + digits;
        while (_position < end && !AtEnd && char.IsAsciiHexDigit(Current))
        {
            value = (value * 16) + TakeHexDigit();
        }

        if (_position < end)
        {
            return Fail(start, 2, $"{Quote(start, start + 2)} is not followed by {digits} hexadecimal digits",
                @"use `\xHH`, `\uHHHH` or `\x{H…}`");
        }

        return value;
    }

    private int ParseBracedHex(int start)
    {
        int value = 0;
        int first = _position;
        while (!AtEnd && char.IsAsciiHexDigit(Current))
        {
            value = Math.Min((value * 16) + TakeHexDigit(), CodePointSet.Last + 1);
        }

        if (_position == first || !TryTake('}'))
        {
            return Fail(start, 3, @"`\x{` is not followed by hexadecimal digits and `}`", null);
        }

        return value > CodePointSet.Last || IsSurrogate(value)
            ? Fail(start, _position - start, $"{Quote(start, _position)} is no code point of text", null)
            : value;
    }

    private int TakeHexDigit()
    {
        char digit = pattern[_position++];
        return char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
    }

    private int ParseUtf16(int start)
    {
        char unit = (char)ParseHex(start, 4);
        if (!char.IsSurrogate(unit))
        {
            return unit;
        }

        int second = start + 6;
        if (char.IsHighSurrogate(unit) && LooksAt(@"\u"))
        {
            _position += 2;
            char low = (char)ParseHex(second, 4);
            if (char.IsLowSurrogate(low))
            {
                return char.ConvertToUtf32(unit, low);
            }
        }

        return Fail(start, 6, $"{Quote(start, second)} is half of a surrogate pair", @"write both halves, or `\x{H…}`");
    }

    private static bool IsSurrogate(int value) => value is >= 0xD800 and <= 0xDFFF;
}
