namespace PolicyLayer.Regexes;

internal sealed partial class RegexParser
{
    private HashSet<string>? _groupNames;

    private RegexTerm ParseGroup()
    {
        int start = _position++;
        RegexFlags flags = _flags;
        if (TryTake('?') && ParseGroupPrefix(start))
        {
            return Nothing;
        }

        if (++_depth > MaxGroupDepth)
        {
            return Refuse(start, 1, $"Groups are nested more than {MaxGroupDepth} deep", null);
        }

        RegexTerm body = ParseAlternatives();
        if (!TryTake(')'))
        {
            return Refuse(start, 1, "`(` is never closed", @"a literal one is written `\(`");
        }

        _depth--;
        _flags = flags;
        return body;
    }

    // Reads what follows `(?`; true when that is all there is, as in `(?i)`, or an error.
    private bool ParseGroupPrefix(int start)
    {
        if (TryTake(':'))
        {
            return false;
        }

        if (LooksAt("P<") || (LooksAt("<") && !LooksAt("<=") && !LooksAt("<!")))
        {
            _position += LooksAt("P") ? 2 : 1;
            ParseGroupName(start);
            return _error is not null;
        }

        while (!AtEnd && FlagOf(Current) is var flag and not RegexFlags.None)
        {
            if (pattern.AsSpan(start + 2, _position - start - 2).Contains(Current))
            {
                Fail(_position, 1, $"`{Current}` is set twice", null);
                return true;
            }

            _flags |= flag;
            _position++;
        }

        if (_position > start + 2 && TryTake(':'))
        {
            return false;
        }

        if (_position == start + 2 || !TryTake(')'))
        {
            RefuseGroup(start);
        }

        return true;
    }

    private void ParseGroupName(int start)
    {
        int first = _position;
        while (!AtEnd && (char.IsAsciiLetter(Current) || Current == '_' || (_position > first && char.IsAsciiDigit(Current))))
        {
            _position++;
        }

        string name = pattern[first.._position];
        if (name.Length == 0 || !TryTake('>'))
        {
            Fail(start, _position - start, $"{Quote(start, _position)} is not followed by a name and `>`",
                "a name is made of ASCII letters, digits and `_`, and begins with no digit");
        }
        else if (!(_groupNames ??= new HashSet<string>(StringComparer.Ordinal)).Add(name))
        {
            Fail(first, name.Length, $"`{name}` names two groups", null);
        }
    }

    private void RefuseGroup(int start)
    {
        ReadOnlySpan<char> rest = pattern.AsSpan(start + 2);
        (int length, string help) = rest switch
        {
            ['=', ..] or ['!', ..] => (1, "there is no look-ahead; use a second rule"),
            ['<', '=' or '!', ..] => (2, "there is no look-behind; use a second rule"),
            ['>', ..] => (1, "no pattern ever backtracks; use `(?:`"),
            ['#', ..] => (1, "put comments into `description`"),
            ['(', ..] => (1, "there are no conditionals; use a second rule"),
            ['P', '=' or '>', ..] => (2, "there are no back-references; use a second rule"),
            _ => (Math.Min(_position - start - 1, rest.Length),
                "the flags are `i`, `m` and `s`, as `(?i)` or `(?i:…)`, and cannot be unset"),
        };
        Fail(start, 2 + length, $"{Quote(start, start + 2 + length)} begins no group of this dialect", help);
    }

    private static RegexFlags FlagOf(char letter) => letter switch
    {
        'i' => RegexFlags.IgnoreCase,
        'm' => RegexFlags.MultiLine,
        's' => RegexFlags.DotAll,
        _ => RegexFlags.None,
    };
}
