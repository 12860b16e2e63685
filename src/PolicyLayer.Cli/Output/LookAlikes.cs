using System.Buffers;
using System.Text;

namespace PolicyLayer.Cli.Output;

/// <summary>Characters that look like those of a mark, <c>&lt;U+202E&gt;</c>.</summary>
internal static class LookAlikes
{
    /// <summary>What looks like <c>&lt;</c> and isn't.</summary>
    private static readonly SearchValues<char> Openings = SearchValues.Create(
        "\u02C2\u1438\u16B2\u2039\u227A\u2329\u276C\u276E\u2770\u27E8\u29FC\u3008\uFE64\uFF1C");

    private static readonly SearchValues<char> Pluses = SearchValues.Create("+\u02D6\u207A\u208A\u2795\u29FA\uFB29\uFE62\uFF0B");

    /// <summary>Whether a text begins as a mark does, or so that it looks like one.</summary>
    public static bool BeginsMark(ReadOnlySpan<char> text)
    {
        bool isSign = text[0] == '<';
        if ((!isSign && !Openings.Contains(text[0]))
            || Rune.DecodeFromUtf16(text[1..], out Rune letter, out int length) != OperationStatus.Done)
        {
            return false;
        }

        // Of other alphabets many letters look like a U; `<n+1` is arithmetic.
        return text.Length > length + 1
            && Pluses.Contains(text[length + 1])
            && (letter.Value is 'U' or 'u' || !letter.IsAscii || (!isSign && !char.IsAsciiDigit((char)letter.Value)));
    }
}
