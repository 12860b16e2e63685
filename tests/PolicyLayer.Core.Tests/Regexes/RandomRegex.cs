using System.Globalization;
using System.Text;

namespace PolicyLayer.Tests.Regexes;

/// <summary>
/// Writes a random pattern of the dialect and, beside it, what it means, and how ECMAScript writes the same with the flag <c>u</c>.
/// </summary>
/// <param name="random">What is drawn from.</param>
/// <param name="isForEcmaScript">
/// Whether to leave out what ECMAScript can't say: flags for a part of the pattern, and, where case is ignored, words and categories,
/// to which it then adds U+017F and U+212A, or all there is. What it merely writes differently is translated: <c>.</c> and lines, which
/// there end at four characters, white space, which has more there, text start and end, and code points in braces.
/// </param>
internal sealed class RandomRegex(Random random, bool isForEcmaScript = false)
{
    public static readonly int[] Alphabet =
    [
        'a', 'b', 'A', 'k', 'K', 0x212A, 's', 0x17F, '1', '_', '-', ' ', '\n', '\v', '.', '^', ']', '#', 0xE9, 0xC9, 0x200D, 0x663, 0xFFFF,
        0x10000, 0x10400, 0x10428, 0x1F600, 0x1F60E, 0x10FFFF,
    ];

    private static readonly int[][] Orbits =
        [['a', 'A'], ['b', 'B'], ['k', 'K', 0x212A], ['s', 'S', 0x17F], [0xE9, 0xC9], [0x10400, 0x10428]];

    private static readonly (string Name, UnicodeCategory[] Members)[] Categories =
    [
        ("Lu", [UnicodeCategory.UppercaseLetter]), ("Uppercase_Letter", [UnicodeCategory.UppercaseLetter]),
        ("Ll", [UnicodeCategory.LowercaseLetter]), ("Nd", [UnicodeCategory.DecimalDigitNumber]), ("So", [UnicodeCategory.OtherSymbol]),
        ("L",
            [
                UnicodeCategory.UppercaseLetter, UnicodeCategory.LowercaseLetter, UnicodeCategory.TitlecaseLetter,
                UnicodeCategory.ModifierLetter, UnicodeCategory.OtherLetter,
            ]),
        ("Unassigned", [UnicodeCategory.OtherNotAssigned]),
    ];

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _script = new();
    private bool _ignoreCase;
    private bool _multiLine;
    private bool _dotAll;

    /// <summary>The last pattern as ECMAScript writes it.</summary>
    public string Script => _script.ToString();

    /// <summary>The flags that go with it.</summary>
    public string ScriptFlags { get; private set; } = "u";

    public (string Pattern, NaiveRegex Meaning) Next()
    {
        _text.Clear();
        _script.Clear();
        _ignoreCase = _multiLine = _dotAll = false;
        if (isForEcmaScript)
        {
            SetFlagsForAll();
        }

        var meaning = Alternatives(3);
        return (_text.ToString(), meaning);
    }

    public int[] Input(int longest = 7)
    {
        // Few distinct characters, so that patterns have a chance.
        var letters = Enumerable.Range(0, 4).Select(_ => Pick(Alphabet)).ToArray();
        return [.. Enumerable.Range(0, random.Next(longest + 1)).Select(_ => Pick(letters))];
    }

    private void SetFlagsForAll()
    {
        _ignoreCase = random.Next(3) == 0;
        _multiLine = random.Next(3) == 0;
        _dotAll = random.Next(3) == 0;
        _text.Append(_ignoreCase ? "(?i)" : "").Append(_multiLine ? "(?m)" : "").Append(_dotAll ? "(?s)" : "");
        ScriptFlags = _ignoreCase ? "iu" : "u";
    }

    private void Append(string both) => Append(both, both);

    private void Append(string text, string script)
    {
        _text.Append(text);
        _script.Append(script);
    }

    private NaiveRegex.Alternatives Alternatives(int depth)
    {
        var (ignoreCase, multiLine, dotAll) = (_ignoreCase, _multiLine, _dotAll);
        var parts = new List<NaiveRegex> { Sequence(depth) };
        while (random.Next(4) == 0)
        {
            Append("|");
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
            case 1 when depth > 0 && !isForEcmaScript:
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
        Append(text + (random.Next(3) == 0 ? "?" : ""));
        return new NaiveRegex.Repeated(part, low, high);
    }

    private NaiveRegex.Alternatives Group(int depth)
    {
        var (ignoreCase, multiLine, dotAll) = (_ignoreCase, _multiLine, _dotAll);
        switch (random.Next(5))
        {
            case 0 when !isForEcmaScript:
                SetFlag("(?", ":");
                break;
            case 1:
                var name = $"n{_text.Length}>";
                Append((random.Next(2) == 0 ? "(?<" : "(?P<") + name, "(?<" + name);
                break;
            case 2:
                Append("(");
                break;
            default:
                Append("(?:");
                break;
        }

        var meaning = Alternatives(depth);
        Append(")");
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
        const string textStart = @"(?<![\s\S])";
        const string textEnd = @"(?![\s\S])";
        var (text, script, kind) = random.Next(IsWithoutWords ? 4 : 6) switch
        {
            0 when _multiLine => ("^", @"(?<![^\n])", NaiveAssertion.LineStart),
            0 => ("^", "^", NaiveAssertion.TextStart),
            1 when _multiLine => ("$", @"(?![^\n])", NaiveAssertion.LineEnd),
            1 => ("$", "$", NaiveAssertion.TextEnd),
            2 => (@"\A", textStart, NaiveAssertion.TextStart),
            3 => (@"\z", textEnd, NaiveAssertion.TextEnd),
            4 => (@"\b", @"\b", NaiveAssertion.Boundary),
            _ => (@"\B", @"\B", NaiveAssertion.NoBoundary),
        };
        Append(text, script);
        return new NaiveRegex.Assertion(kind);
    }

    private bool IsWithoutWords => isForEcmaScript && _ignoreCase;

    private NaiveRegex.Character Literal()
    {
        var literal = Pick(Alphabet);
        Spell(literal);
        return new NaiveRegex.Character(Folded(c => c == literal));
    }

    private NaiveRegex.Character Shorthand()
    {
        if (random.Next(2) == 0)
        {
            Append(".", _dotAll ? @"[\s\S]" : @"[^\n]");
            var dotAll = _dotAll;
            return new NaiveRegex.Character(c => dotAll || c != '\n');
        }

        return new NaiveRegex.Character(Escape(isInClass: false));
    }

    private NaiveRegex.Character Class()
    {
        var negated = random.Next(3) == 0;
        Append(negated ? "[^" : "[");
        var members = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Member()).ToArray();
        Append("]");
        return new NaiveRegex.Character(c => members.Any(member => member(c)) != negated);
    }

    private Func<int, bool> Member()
    {
        switch (random.Next(3))
        {
            case 0:
                return Escape(isInClass: true);
            case 1:
                var bounds = new[] { Pick(Alphabet), Pick(Alphabet) }.Order().ToArray();
                Spell(bounds[0]);
                Append("-");
                Spell(bounds[1]);
                return Folded(c => c >= bounds[0] && c <= bounds[1]);
            default:
                var literal = Pick(Alphabet);
                Spell(literal);
                return Folded(c => c == literal);
        }
    }

    private Func<int, bool> Escape(bool isInClass)
    {
        var negated = random.Next(3) == 0;
        var letter = (IsWithoutWords ? "ds" : "dwsp")[random.Next(IsWithoutWords ? 2 : 4)];
        var text = "\\" + (negated ? char.ToUpperInvariant(letter) : letter);
        Append(text, letter == 's' ? WhiteSpaceInScript(negated, isInClass) : text);
        Func<int, bool> contains = letter switch
        {
            'd' => c => c is >= '0' and <= '9',
            'w' => NaiveRegex.IsWordCharacter,
            's' => c => c is ' ' or '\t' or '\n' or '\f' or '\r',
            _ => Category(),
        };
        return c => contains(c) != negated;
    }

    private static string WhiteSpaceInScript(bool negated, bool isInClass)
    {
        var members = negated ? @"\0-\x08\x0B\x0E-\x1F!-\u{10FFFF}" : @"\t\n\f\r ";
        return isInClass ? members : $"[{members}]";
    }

    private Func<int, bool> Category()
    {
        var (name, members) = Pick(Categories);
        Append($"{{{name}}}");
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

    private void Spell(int codePoint)
    {
        var literal = char.ConvertFromUtf32(codePoint);
        var text = random.Next(4) switch
        {
            0 => $@"\x{{{codePoint:X}}}",
            1 => string.Concat(literal.Select(unit => $@"\u{(int)unit:x4}")),
            2 when codePoint < 0x100 => $@"\x{codePoint:X2}",
            _ => codePoint is '.' or '^' or ']' or '-' or '#' ? @"\" + literal : literal,
        };
        Append(text, text is ['\\', 'u', ..] ? text : $@"\u{{{codePoint:X}}}");
    }

    private T Pick<T>(T[] from) => from[random.Next(from.Length)];
}
