using System.Globalization;

namespace PolicyLayer.Proxy.Messages;

/// <summary>How readers that are looser than JSON take a text.</summary>
internal static class LenientText
{
    /// <summary>A text as readers written in C take it, for which it ends at a NUL.</summary>
    public static string UntilNul(string text)
    {
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    /// <summary>What is left of it without all that can't be seen: white space, controls, and what a NUL ends.</summary>
    public static string Bare(string text) =>
        text.Any(IsUnseen) ? new string([.. UntilNul(text).Where(c => !IsUnseen(c))]) : text;

    private static bool IsUnseen(char c) =>
        !char.IsAsciiLetterOrDigit(c)
        && (char.IsWhiteSpace(c) || char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
}
