using System.Globalization;

namespace PolicyLayer.Text;

/// <summary>What an author wrote, in backticks for a message: in one line, and never long.</summary>
internal static class Quoted
{
    private const int MaxLength = 64;

    public static string Of(string text)
    {
        bool isLong = text.Length > MaxLength;
        int length = isLong && char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : Math.Min(text.Length, MaxLength);
        string line = string.Create(length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = IsShown(source[i]) ? source[i] : ' ';
            }
        });
        return isLong ? $"`{line}…`" : $"`{line}`";
    }

    // Format characters would reorder or hide parts of the line.
    private static bool IsShown(char unit) => char.GetUnicodeCategory(unit) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
