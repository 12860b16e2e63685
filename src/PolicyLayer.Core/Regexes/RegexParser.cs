using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace PolicyLayer.Regexes;

/// <summary>
/// Reads a pattern in one pass into its syntax.
/// The first error is kept, and moves the reader to the end, so that every loop stops there.
/// </summary>
/// <param name="pattern">The pattern.</param>
/// <param name="isSyntaxOnly">
/// Whether only the error is asked for. What would be built is left out then: a few characters can name thousands of ranges.
/// </param>
/// <param name="maxRanges">How many ranges of characters may be built.</param>
internal sealed partial class RegexParser(string pattern, bool isSyntaxOnly = false, long maxRanges = long.MaxValue)
{
    private const int MaxGroupDepth = 100;
    private const int MaxRepetition = 1000;
    private const int MaxQuotedLength = 64;

    // What a term returns that a quantifier may not follow.
    private const int NotRepeatable = 0;

    private static readonly RegexTerm Nothing = new(RegexNode.Empty, NotRepeatable);
    private static readonly RegexTerm UnbuiltCharacter = new(RegexNode.Empty, 1);
    private static readonly CodePointSet AnyCodePoint = CodePointSet.Of((0, CodePointSet.Last));
    private static readonly CodePointSet AnyButNewline = CodePointSet.Of(('\n', '\n')).Complement();

    // Terms and alternatives of all groups that are still open, the innermost last.
    private readonly List<RegexNode> _open = [];
    private RegexFlags _flags;
    private RegexError? _error;
    private int _position;
    private int _depth;

    /// <summary>How many ranges of characters were built.</summary>
    public long Ranges { get; private set; }

    private bool AtEnd => _position == pattern.Length;

    private char Current => pattern[_position];

    private bool IgnoresCase => _flags.HasFlag(RegexFlags.IgnoreCase);

    /// <summary>Why a pattern is refused that would be good in a smaller policy.</summary>
    public static RegexError NoRoom(string pattern) => new(
        0,
        pattern.Length,
        "The policy's patterns are too large together: there is no room for this one",
        "lower repetition counts, name smaller classes, or use one pattern in several places");

    /// <summary>The pattern's syntax, or the first error in it. Syntax alone is empty where only the error is asked for.</summary>
    public RegexError? Parse(out RegexNode syntax)
    {
        syntax = ParseAlternatives().Node;
        if (!AtEnd)
        {
            Fail(_position, 1, "`)` closes no group", @"a literal one is written `\)`");
        }

        return _error;
    }

    private RegexTerm ParseAlternatives()
    {
        RegexFlags flags = _flags;
        int start = _open.Count;
        int repetition = ParseSequence();
        while (TryTake('|'))
        {
            repetition = Math.Max(repetition, ParseSequence());
        }

        _flags = flags;
        return isSyntaxOnly ? new RegexTerm(RegexNode.Empty, repetition) : new RegexTerm(Close(start, RegexNode.AnyOf), repetition);
    }

    // Leaves the sequence among the open nodes, and returns how often its most repeated part is repeated.
    private int ParseSequence()
    {
        int start = _open.Count;
        int repetition = 1;
        while (!AtEnd && Current is not (')' or '|'))
        {
            RegexTerm term = ParseTerm();
            repetition = Math.Max(repetition, term.Repetition);
            if (term.Node != RegexNode.Empty)
            {
                _open.Add(term.Node);
            }
        }

        if (!isSyntaxOnly)
        {
            _open.Add(_open.Count == start ? RegexNode.Empty : Close(start, RegexNode.InSequence));
        }

        return repetition;
    }

    private RegexNode Close(int start, Func<ReadOnlySpan<RegexNode>, RegexNode> join)
    {
        RegexNode node = join(CollectionsMarshal.AsSpan(_open)[start..]);
        _open.RemoveRange(start, _open.Count - start);
        return node;
    }

    private RegexTerm ParseTerm()
    {
        int start = _position;
        RegexTerm atom = ParseAtom();
        if (AtEnd || Current is not ('*' or '+' or '?' or '{'))
        {
            return atom;
        }

        int quantifier = _position;
        (int min, int? max) = ParseQuantifier();
        int count = Math.Max(max ?? min, 1);
        if (atom.Repetition == NotRepeatable)
        {
            Fail(quantifier, _position - quantifier, $"{Quote(start, quantifier)} cannot be repeated", null);
        }
        else if (atom.Repetition * count > MaxRepetition)
        {
            Fail(quantifier, _position - quantifier, $"Nested repetitions of more than {MaxRepetition} in all", null);
        }

        TryTake('?');
        if (!AtEnd && Current is '*' or '+' or '?' or '{')
        {
            Fail(_position, 1, $"A quantifier cannot follow another: {Quote(quantifier, _position + 1)}",
                "put the inner one in a group, `(?:…)`");
        }

        RegexNode node = atom.Node == RegexNode.Empty ? atom.Node : new RegexNode.Repeated(atom.Node, min, max);
        return new RegexTerm(node, atom.Repetition * count);
    }

    private RegexTerm ParseAtom()
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
                return Character(_flags.HasFlag(RegexFlags.DotAll) ? AnyCodePoint : AnyButNewline);
            case '^':
                _position++;
                return Assertion(_flags.HasFlag(RegexFlags.MultiLine) ? RegexAssertion.LineStart : RegexAssertion.TextStart);
            case '$':
                _position++;
                return Assertion(_flags.HasFlag(RegexFlags.MultiLine) ? RegexAssertion.LineEnd : RegexAssertion.TextEnd);
            case '*' or '+' or '?' or '{':
                return Refuse(_position, 1, $"Nothing to repeat before `{Current}`", $@"a literal one is written `\{Current}`");
            case ']' or '}':
                return Refuse(_position, 1, $"`{Current}` closes nothing", $@"a literal one is written `\{Current}`");
            default:
                return Literal(ReadCodePoint());
        }
    }

    private (int Min, int? Max) ParseQuantifier()
    {
        int start = _position;
        if (Current != '{')
        {
            return pattern[_position++] switch
            {
                '*' => (0, null),
                '+' => (1, null),
                _ => (0, 1),
            };
        }

        _position++;
        int? min = ParseCount();
        bool isUnbounded = false;
        int? max = min;
        if (TryTake(','))
        {
            isUnbounded = !AtEnd && Current == '}';
            max = isUnbounded ? null : ParseCount();
        }

        if (min is null || (max is null && !isUnbounded) || !TryTake('}'))
        {
            return RefuseQuantifier(start, 1, "`{` begins no quantifier `{n}`, `{n,}` or `{n,m}` here", @"a literal one is written `\{`");
        }

        if (min > MaxRepetition || max > MaxRepetition)
        {
            return RefuseQuantifier(start, _position - start, $"{Quote(start, _position)} repeats more than {MaxRepetition} times");
        }

        return max < min
            ? RefuseQuantifier(start, _position - start, $"{Quote(start, _position)} has its bounds reversed")
            : (min.Value, max);
    }

    private (int Min, int? Max) RefuseQuantifier(int start, int length, string message, string? help = null)
    {
        Fail(start, length, message, help);
        return (1, 1);
    }

    // RE2 reads a leading zero as no number at all.
    private int? ParseCount()
    {
        int start = _position;
        int value = 0;
        while (!AtEnd && char.IsAsciiDigit(Current))
        {
            value = Math.Min((value * 10) + (pattern[_position++] - '0'), MaxRepetition + 1);
        }

        int digits = _position - start;
        return digits == 0 || (digits > 1 && pattern[start] == '0') ? null : value;
    }

    private RegexTerm Literal(int codePoint)
    {
        if (isSyntaxOnly)
        {
            return UnbuiltCharacter;
        }

        return Character(IgnoresCase ? CodePointSet.Of(FoldIfAsked(codePoint, codePoint)) : CodePointSet.OfOne(codePoint));
    }

    private RegexTerm Character(CodePointSet set)
    {
        if (isSyntaxOnly)
        {
            return UnbuiltCharacter;
        }

        CountRanges(set.Ranges.Length);
        return new RegexTerm(new RegexNode.Character(set), 1);
    }

    private void CountRanges(int ranges)
    {
        Ranges += ranges;
        if (Ranges > maxRanges)
        {
            _error ??= NoRoom(pattern);
            _position = pattern.Length;
        }
    }

    private RegexTerm Assertion(RegexAssertion kind) =>
        isSyntaxOnly ? Nothing : new RegexTerm(new RegexNode.Assertion(kind), NotRepeatable);

    private IEnumerable<(int First, int Last)> FoldIfAsked(int first, int last) =>
        IgnoresCase ? CaseFolding.Close([(first, last)]) : [(first, last)];

    private int ReadCodePoint()
    {
        if (Rune.TryGetRuneAt(pattern, _position, out Rune rune))
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

    private RegexTerm Refuse(int position, int length, string message, string? help)
    {
        Fail(position, length, message, help);
        return Nothing;
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
        int stop = Math.Min(end, pattern.Length);
        int shown = Math.Min(stop, start + MaxQuotedLength);
        for (int i = start; i < shown; i++)
        {
            if (Rune.TryGetRuneAt(pattern, i, out Rune rune) && IsPrintable(rune))
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
