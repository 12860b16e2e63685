using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Regexes;

/// <summary>Writes a random pattern of the dialect and, beside it, what it means.</summary>
internal sealed class RandomRegex(Random random)
{
    public static readonly int[] Alphabet =
    [
        'a', 'b', 'A', 'k', 'K', 0x212A, 's', 0x17F, '1', '_', '-', ' ', '\n', '\v', '.', '^', ']', '#', 0xE9, 0xC9, 0x200D, 0x663, 0xFFFF,
        0x10000, 0x10400, 0x10428, 0x1F600, 0x1F60E, 0x10FFFF,
    ];

    private static readonly int[][] Orbits = [['a', 'A'], ['b', 'B'], ['k', 'K', 0x212A], ['s', 'S', 0x17F], [0xE9, 0xC9], [0x10400, 0x10428]];

    private static readonly (string Name, UnicodeCategory[] Members)[] Categories =
    [
        ("Lu", [UnicodeCategory.UppercaseLetter]), ("Uppercase_Letter", [UnicodeCategory.UppercaseLetter]),
        ("Ll", [UnicodeCategory.LowercaseLetter]), ("Nd", [UnicodeCategory.DecimalDigitNumber]), ("So", [UnicodeCategory.OtherSymbol]),
        ("L", [UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter, UnicodeCategory.ModifierLetter, UnicodeCategory.OtherLetter]),
        ("Unassigned", [UnicodeCategory.OtherNotAssigned]),
    ];

    private readonly StringBuilder _text = new();
    private bool _ignoreCase;
    private bool _multiLine;
    private bool _dotAll;

    public (string Pattern, NaiveRegex Meaning) Next()
    {
        _text.Clear();
        _ignoreCase = _multiLine = _dotAll = false;
        var meaning = Alternatives(3);
        return (_text.ToString(), meaning);
    }

    public int[] Input()
    {
        // Few distinct characters, so that patterns have a chance.
        var letters = Enumerable.Range(0, 4).Select(_ => Pick(Alphabet)).ToArray();
        return [.. Enumerable.Range(0, random.Next(8)).Select(_ => Pick(letters))];
    }

    private NaiveRegex.Alternatives Alternatives(int depth)
    {
        var (ignoreCase, multiLine, dotAll) = (_ignoreCase, _multiLine, _dotAll);
        var parts = new List<NaiveRegex> { Sequence(depth) };
        while (random.Next(4) == 0)
        {
            _text.Append('|');
            parts.Add(Sequence(depth));
        }

        (_ignoreCase, _multiLine, _dotAll) = (ignoreCase, multiLine, dotAll);
        return new NaiveRegex.Alternatives(parts);
    }

    private NaiveRegex.Sequence Sequence(int depth) =>
        new([.. Enumerable.Range(0, random.Next(4)).Select(_ => Term(depth)).ToArray()]);

    private NaiveRegex Term(int depth)
    {
        switch (random.Next(10))
        {
            case 0:
                return Assertion();
            case 1 when depth > 0:
                SetFlag("(?", ")");
                return new NaiveRegex.Sequence([]);
        }

        NaiveRegex part = random.Next(5) switch
        {
            0 or 1 when depth > 0 => Group(depth - 1),
            2 => Class(),
            3 => Shorthand(),
            _ => Literal(),
        };
        return random.Next(3) == 0 ? Quantified(part) : part;
    }

    private NaiveRegex.Repeated Quantified(NaiveRegex part)
    {
        var min = random.Next(4);
        var (text, low, high) = random.Next(6) switch
        {
            0 => ("*", 0, null),
            1 => ("+", 1, null),
            2 => ("?", 0, 1),
            3 => ($"{{{min}}}", min, min),
            4 => ($"{{{min},}}", min, null),
            _ => ($"{{{min},{min + 2}}}", min, (int?)min + 2),
        };
        _text.Append(text).Append(random.Next(3) == 0 ? "?" : "");
        return new NaiveRegex.Repeated(part, low, high);
    }

    private NaiveRegex.Alternatives Group(int depth)
    {
        var (ignoreCase, multiLine, dotAll) = (_ignoreCase, _multiLine, _dotAll);
        switch (random.Next(5))
        {
            case 0:
                SetFlag("(?", ":");
                break;
            case 1:
                _text.Append(random.Next(2) == 0 ? "(?<" : "(?P<").Append('n').Append(_text.Length).Append('>');
                break;
            case 2:
                _text.Append('(');
                break;
            default:
                _text.Append("(?:");
                break;
        }

        var meaning = Alternatives(depth);
        _text.Append(')');
        (_ignoreCase, _multiLine, _dotAll) = (ignoreCase, multiLine, dotAll);
        return meaning;
    }

    private void SetFlag(string open, string close)
    {
        var flag = random.Next(3);
        _text.Append(open).Append("ims"[flag]).Append(close);
        _ignoreCase |= flag == 0;
        _multiLine |= flag == 1;
        _dotAll |= flag == 2;
    }

    private NaiveRegex.Assertion Assertion()
    {
        var multiLine = _multiLine;
        var (text, holds) = random.Next(6) switch
        {
            0 => ("^", (input, at) => multiLine ? NaiveRegex.IsLineStart(input, at) : at == 0),
            1 => ("$", (input, at) => multiLine ? NaiveRegex.IsLineEnd(input, at) : at == input.Length),
            2 => (@"\A", (_, at) => at == 0),
            3 => (@"\z", (input, at) => at == input.Length),
            4 => (@"\b", NaiveRegex.IsBoundary),
            _ => (@"\B", (Func<int[], int, bool>)((input, at) => !NaiveRegex.IsBoundary(input, at))),
        };
        _text.Append(text);
        return new NaiveRegex.Assertion(holds);
    }

    private NaiveRegex.Character Literal()
    {
        var literal = Pick(Alphabet);
        _text.Append(Spell(literal));
        return new NaiveRegex.Character(Folded(c => c == literal));
    }

    private NaiveRegex.Character Shorthand()
    {
        if (random.Next(2) == 0)
        {
            _text.Append('.');
            var dotAll = _dotAll;
            return new NaiveRegex.Character(c => dotAll || c != '\n');
        }

        return new NaiveRegex.Character(Escape());
    }

    private NaiveRegex.Character Class()
    {
        var negated = random.Next(3) == 0;
        _text.Append(negated ? "[^" : "[");
        var members = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Member()).ToArray();
        _text.Append(']');
        return new NaiveRegex.Character(c => members.Any(member => member(c)) != negated);
    }

    private Func<int, bool> Member()
    {
        switch (random.Next(3))
        {
            case 0:
                return Escape();
            case 1:
                var bounds = new[] { Pick(Alphabet), Pick(Alphabet) }.Order().ToArray();
                _text.Append(Spell(bounds[0])).Append('-').Append(Spell(bounds[1]));
                return Folded(c => c >= bounds[0] && c <= bounds[1]);
            default:
                var literal = Pick(Alphabet);
                _text.Append(Spell(literal));
                return Folded(c => c == literal);
        }
    }

    private Func<int, bool> Escape()
    {
        var negated = random.Next(3) == 0;
        var letter = "dwsp"[random.Next(4)];
        _text.Append('\\').Append(negated ? char.ToUpperInvariant(letter) : letter);
        Func<int, bool> contains = letter switch
        {
            'd' => c => c is >= '0' and <= '9',
            'w' => c => c is >= '0' and <= '9' or >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_',
            's' => c => c is ' ' or '\t' or '\n' or '\f' or '\r',
            _ => Category(),
        };
        return c => contains(c) != negated;
    }

    private Func<int, bool> Category()
    {
        var (name, members) = Pick(Categories);
        _text.Append('{').Append(name).Append('}');
        return Folded(c => members.Contains(CharUnicodeInfo.GetUnicodeCategory(c)));
    }

    private Func<int, bool> Folded(Func<int, bool> contains)
    {
        if (!_ignoreCase)
        {
            return contains;
        }

        return c => contains(c) || (Orbits.FirstOrDefault(orbit => orbit.Contains(c)) ?? []).Any(contains);
    }

    private string Spell(int codePoint)
    {
        var text = char.ConvertFromUtf32(codePoint);
        return random.Next(4) switch
        {
            0 => $@"\x{{{codePoint:X}}}",
            1 => string.Concat(text.Select(unit => $@"\u{(int)unit:x4}")),
            2 when codePoint < 0x100 => $@"\x{codePoint:X2}",
            _ => codePoint is '.' or '^' or ']' or '-' or '#' ? @"\" + text : text,
        };
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
