namespace PolicyLayer.Regexes;

internal sealed partial class RegexParser
{
    // Other engines read these as set operations or as POSIX classes.
    private static readonly string[] RefusedInClass = ["[:", "[.", "[=", "-[", "--", "&&"];

    private RegexTerm ParseClass()
    {
        int start = _position;
        if (IsPosixName())
        {
            return Refuse(start, 2, "`[:` begins a POSIX class", @"use `\d`, `\w`, `\s` or `\p{…}`");
        }

        _position++;
        bool negated = TryTake('^');
        if (TryTake(']'))
        {
            return Refuse(start, _position - start, $"{Quote(start, _position)} is an empty class", @"a literal one is written `\]`");
        }

        var ranges = new List<(int First, int Last)>();
        while (!AtEnd && Current != ']')
        {
            ParseClassItem(ranges);
        }

        if (!TryTake(']'))
        {
            return Refuse(start, 1, "`[` is never closed", @"a literal one is written `\[`");
        }

        if (isSyntaxOnly)
        {
            return UnbuiltCharacter;
        }

        CodePointSet set = CodePointSet.Of(ranges);
        return Character(negated ? set.Complement() : set);
    }

    private void ParseClassItem(List<(int First, int Last)> ranges)
    {
        int start = _position;
        RefuseSetSyntax();
        (int first, CodePointSet? set) = ParseClassMember();
        if (AtEnd || Current != '-' || LooksAt("-]"))
        {
            AddTo(ranges, set, first, first);
            return;
        }

        RefuseSetSyntax();
        if (!TryTake('-') || AtEnd)
        {
            return;
        }

        (int last, CodePointSet? lastSet) = ParseClassMember();
        if (set is not null || lastSet is not null)
        {
            Fail(start, _position - start, $"{Quote(start, _position)} has a class as a bound", @"a literal hyphen is written `\-`");
        }
        else if (last < first)
        {
            Fail(start, _position - start, $"{Quote(start, _position)} is a range with its bounds reversed",
                @"a literal hyphen is written `\-`");
        }
        else
        {
            AddTo(ranges, null, first, last);
        }
    }

    private void AddTo(List<(int First, int Last)> ranges, CodePointSet? set, int first, int last)
    {
        if (isSyntaxOnly)
        {
            return;
        }

        int before = ranges.Count;
        ranges.AddRange(set is null ? FoldIfAsked(first, last) : set.Ranges.ToArray());
        CountRanges(ranges.Count - before);
    }

    private (int CodePoint, CodePointSet? Set) ParseClassMember() => AtEnd ? default : Current switch
    {
        '\\' => ParseEscape(),
        _ => (ReadCodePoint(), null),
    };

    private void RefuseSetSyntax()
    {
        foreach (string refused in RefusedInClass)
        {
            if (LooksAt(refused))
            {
                Fail(_position, refused.Length, $"`{refused}` has no meaning in a class of this dialect",
                    $@"a literal one is written `\{refused[0]}\{refused[1]}`");
                return;
            }
        }
    }

    // A class of its own that looks like a POSIX one, `[:alpha:]`, is surely not meant as the set of its letters.
    private bool IsPosixName()
    {
        if (!LooksAt("[:"))
        {
            return false;
        }

        int end = pattern.IndexOf(']', _position);
        return end > _position + 3 && pattern[end - 1] == ':'
            && pattern.AsSpan((_position + 2)..(end - 1)).TrimStart('^').IndexOfAnyExceptInRange('a', 'z') < 0;
    }
}
