using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Text of agents with every character that deceives the eye marked, as in <c>&lt;U+202E&gt;</c>. What looks like a mark is marked itself:
/// whoever reads <c>&lt;U+</c> reads a mark.
/// </summary>
/// <remarks>
/// INVARIANT: no two texts look alike because one of them holds what can't be seen, and none makes a line, or a sign of the tool's own.
/// </remarks>
internal static class VisibleText
{
    /// <summary>What is drawn with nothing, though its category is that of letters, marks or symbols.</summary>
    private static readonly FrozenSet<int> Blank = FrozenSet.Create(
        0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC, 0x13441, 0x13442, 0x16FE4, 0x1D159);

    /// <summary>A text that people write in any language: what can't be seen, or steers how others are seen, is marked.</summary>
    public static string Of(string text) => Of(text, isName: false);

    /// <summary>A name, in which letters of other alphabets look like those that are meant: all beyond ASCII is marked.</summary>
    public static string OfName(string name) => Of(name, isName: true);

    /// <summary>A name beside which words stand: in quotes where it is empty or has spaces or quotes, so that it is none of them.</summary>
    public static string OfQuotedName(string name) =>
        name.Length == 0 || name.AsSpan().ContainsAny(' ', '"') ? Quote(name) : OfName(name);

    /// <summary>A name in quotes, those in it escaped.</summary>
    public static string Quote(string name)
    {
        string escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{OfName(escaped)}\"";
    }

    private static string Of(string text, bool isName)
    {
        var visible = new StringBuilder(text.Length);
        var marks = new CombiningMarks();
        var jamo = new HangulJamo();
        for (int i = 0; i < text.Length;)
        {
            bool isRune = Rune.TryGetRuneAt(text, i, out Rune rune);
            int code = isRune ? rune.Value : text[i];
            UnicodeCategory category = isRune ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;
            bool isMarked = (isName && code > 0x7E) || IsHidden(code, category) || LookAlikes.BeginsMark(text.AsSpan(i));

            // INVARIANT: both see every character, and whether it is marked: what would be drawn over a mark is marked itself.
            isMarked |= jamo.IsOutOfPlace(code, isMarked);
            isMarked |= marks.IsOutOfPlace(code, category, isMarked);
            if (isMarked)
            {
                visible.Append(CultureInfo.InvariantCulture, $"<U+{code:X4}>");
            }
            else
            {
                visible.Append(text, i, rune.Utf16SequenceLength);
            }

            i += isRune ? rune.Utf16SequenceLength : 1;
        }

        return visible.ToString();
    }

    private static bool IsHidden(int code, UnicodeCategory category) => category switch
    {
        UnicodeCategory.SpaceSeparator => code != ' ',
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.EnclosingMark => true,
        _ => code == FoldedText.Sign || Blank.Contains(code) || IsVariation(code),
    };

    private static bool IsVariation(int code) =>
        code is (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF);
}
