using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>
/// Follows a text, character by character, and tells which marks aren't seen as part of a letter: over anything else a mark strikes
/// something out, a pile of them runs into other lines, and a dot over a letter that has one is not seen.
/// </summary>
internal struct CombiningMarks
{
    private const int DotAbove = 0x0307;

    private const int MaxOnOne = 2;

    /// <summary>Unicode's soft-dotted letters in use, and those without a dot that one makes look like them.</summary>
    private static readonly FrozenSet<int> Dotted = FrozenSet.Create(
        'i', 'j', 0x012F, 0x0131, 0x0237, 0x0249, 0x0268, 0x029D, 0x02B2, 0x03F3, 0x0456, 0x0458, 0x1D62, 0x1D96, 0x1DA4, 0x1DA8,
        0x1E2D, 0x1ECB, 0x2071, 0x2148, 0x2149, 0x2C7C);

    private bool _hasBase;
    private bool _isDotted;
    private int _count;

    /// <summary>Whether the next character is a mark that must not stand where it does.</summary>
    /// <param name="code">The character.</param>
    /// <param name="category">Its category.</param>
    /// <param name="isReplaced">Whether it isn't shown anyway.</param>
    public bool IsOutOfPlace(int code, UnicodeCategory category, bool isReplaced)
    {
        bool isMark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
        bool isOut = isMark && (!_hasBase || _count == MaxOnOne || (_isDotted && code == DotAbove));
        if (!isMark)
        {
            _isDotted = Dotted.Contains(code);
            _count = 0;
        }

        _hasBase = !isOut && !isReplaced && (isMark || (Rune.IsValid(code) && Rune.IsLetter(new Rune(code))));
        _count += isMark ? 1 : 0;
        return isOut;
    }
}
