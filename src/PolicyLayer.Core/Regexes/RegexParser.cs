using System.Globalization;
using System.Text;

namespace PolicyLayer.Regexes;

/// <summary>
/// Reads a pattern in one pass into pieces for the engine: its sets of code points, and the operators between them.
/// The first error is kept, and moves the reader to the end, so that every loop stops there.
/// Laziness and names are dropped: whether a pattern is found depends on neither.
/// </summary>
/// <param name="pattern">The pattern.</param>
/// <param name="isSyntaxOnly">Whether only the error is asked for. Sets are left out then: a few characters can name thousands of ranges.</param>
internal sealed partial class RegexParser(string pattern, bool isSyntaxOnly = false)
{
    private const int MaxGroupDepth = 100;
    private const int MaxRepetition = 1000;
    private const int MaxQuotedLength = 64;

    // What a term returns that a quantifier may not follow.
    private const int NotRepeatable = 0;

    private static readonly CodePointSet AnyCodePoint = CodePointSet.Of((0, CodePointSet.Last));
    private static readonly CodePointSet AnyButNewline = CodePointSet.Of(('\n', '\n')).Complement();

    private readonly Dictionary<(int CodePoint, bool IgnoreCase), CodePointSet> _literals = [];
    private readonly List<RegexPiece> _pieces = [];
    private RegexFlags _flags;
    private RegexError? _error;
    private int _position;
    private int _depth;

    public IReadOnlyList<RegexPiece> Pieces => _pieces;

    private bool AtEnd => _position == pattern.Length;

    private char Current => pattern[_position];

    private bool IgnoresCase => _flags.HasFlag(RegexFlags.IgnoreCase);

    public RegexError? Parse()
    {
        ParseAlternatives();
        if (!AtEnd)
        {
            Fail(_position, 1, "`)` closes no group", @"a literal one is written `\)`");
        }

        return _error;
    }

    // Returns how often the most repeated part is repeated, as do the other methods that parse a term.
    private int ParseAlternatives()
    {
        var flags = _flags;
        var repetition = 1;
        while (!AtEnd && Current != ')')
        {
            if (TryTake('|'))
            {
                Emit("|");
            }
            else
            {
                repetition = Math.Max(repetition, ParseTerm());
            }
        }

        _flags = flags;
        return repetition;
    }

    private int ParseTerm()
    {
        var start = _position;
        var repetition = ParseAtom();
        if (AtEnd || Current is not ('*' or '+' or '?' or '{'))
        {
            return repetition;
        }

        var quantifier = _position;
        var count = ParseQuantifier();
        if (repetition == NotRepeatable)
        {
            Fail(quantifier, _position - quantifier, $"{Quote(start, quantifier)} cannot be repeated", null);
        }
        else if (repetition * count > MaxRepetition)
        {
            Fail(quantifier, _position - quantifier, $"Nested repetitions of more than {MaxRepetition} in all", null);
        }

        TryTake('?');
        if (!AtEnd && Current is '*' or '+' or '?' or '{')
        {
            Fail(_position, 1, $"A quantifier cannot follow another: {Quote(quantifier, _position + 1)}",
                "put the inner one in a group, `(?:…)`");
        }

        return repetition * count;
    }

    private int ParseAtom()
    {
        switch (Current)
        {
            case '(':
                return ParseGroup();
            case '[':
                return ParseClass();
            case '\\':
                return ParseEscapedAtom();
            case '.':
                _position++;
                return Emit(_flags.HasFlag(RegexFlags.DotAll) ? AnyCodePoint : AnyButNewline);
            case '^':
                _position++;
                return EmitAssertion(_flags.HasFlag(RegexFlags.MultiLine) ? "(?m:^)" : @"\A");
            case '$':
                _position++;
                return EmitAssertion(_flags.HasFlag(RegexFlags.MultiLine) ? "(?m:$)" : @"\z");
            case '*' or '+' or '?' or '{':
                return Fail(_position, 1, $"Nothing to repeat before `{Current}`", $@"a literal one is written `\{Current}`");
            case ']' or '}':
                return Fail(_position, 1, $"`{Current}` closes nothing", $@"a literal one is written `\{Current}`");
            default:
                return Emit(Literal(ReadCodePoint()));
        }
    }

    // Returns the repetition that counts for the limit: the upper bound, or the lower where there is no upper.
    private int ParseQuantifier()
    {
        var start = _position;
        if (Current != '{')
        {
            Emit(pattern[_position++].ToString());
            return 1;
        }

        _position++;
        var min = ParseCount();
        var max = !TryTake(',') ? min : !AtEnd && Current == '}' ? null : ParseCount();
        var unbounded = pattern[_position - 1] == ',';
        if (min is null || (max is null && !unbounded) || !TryTake('}'))
        {
            return Fail(start, 1, "`{` begins no quantifier `{n}`, `{n,}` or `{n,m}` here", @"a literal one is written `\{`");
        }

        if (min > MaxRepetition || max > MaxRepetition)
        {
            return Fail(start, _position - start, $"{Quote(start, _position)} repeats more than {MaxRepetition} times", null);
        }

        if (max < min)
        {
            return Fail(start, _position - start, $"{Quote(start, _position)} has its bounds reversed", null);
        }

        Emit(pattern[start.._position]);
        return Math.Max(max ?? min.Value, 1);
    }

    // RE2 reads a leading zero as no number at all.
    private int? ParseCount()
    {
        var start = _position;
        var value = 0;
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            value = Math.Min((value * 10) + (pattern[_position++] - '0'), MaxRepetition + 1);
        }

        var digits = _position - start;
        return digits == 0 || (digits > 1 && pattern[start] == '0') ? null : value;
    }

    private CodePointSet Literal(int codePoint)
    {
        if (isSyntaxOnly)
        {
            return AnyCodePoint;
        }

        if (!_literals.TryGetValue((codePoint, IgnoresCase), out var set))
        {
            _literals.Add((codePoint, IgnoresCase), set = CodePointSet.Of(FoldIfAsked(codePoint, codePoint)));
        }

        return set;
    }

    private IEnumerable<(int First, int Last)> FoldIfAsked(int first, int last) =>
        IgnoresCase ? CaseFolding.Close([(first, last)]) : [(first, last)];

    private int ReadCodePoint()
    {
        if (Rune.TryGetRuneAt(pattern, _position, out var rune))
        {
            _position += rune.Utf16SequenceLength;
            return rune.Value;
        }

        return Fail(_position, 1, $"{Quote(_position, _position + 1)} is half of a surrogate pair", null);
    }

    private bool TryTake(char expected)
    {
        if (AtEnd || Current != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    private bool LooksAt(string text) => string.CompareOrdinal(pattern, _position, text, 0, text.Length) == 0;

    private void Emit(string text) => _pieces.Add(new RegexPiece(text, null));

    private int Emit(CodePointSet set)
    {
        _pieces.Add(new RegexPiece(null, set));
        return 1;
    }

    private int EmitAssertion(string text)
    {
        Emit(text);
        return NotRepeatable;
    }

    // Always 0, so that a method that parses can return it.
    private int Fail(int position, int length, string message, string? help)
    {
        _error ??= new RegexError(position, length, message, help);
        _position = pattern.Length;
        return 0;
    }

    // A part of the pattern in backticks, on one line, printable and never long.
    private string Quote(int start, int end)
    {
        var quoted = new StringBuilder("`");
        var stop = Math.Min(end, pattern.Length);
        var shown = Math.Min(stop, start + MaxQuotedLength);
        for (var i = start; i < shown; i++)
        {
            if (Rune.TryGetRuneAt(pattern, i, out var rune) && IsPrintable(rune))
            {
                quoted.Append(rune);
                i += rune.Utf16SequenceLength - 1;
            }
            else
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)pattern[i]:X4}");
            }
        }

        return quoted.Append(shown < stop ? "…`" : "`").ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
