using System.Globalization;

namespace PolicyLayer.Cli;

/// <summary>A MOMENT, as in <c>2027-01-31T18:00:00Z</c>: RFC 3339, with an offset.</summary>
internal static class MomentText
{
    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        moment = default;
        return HasOffset(text) && DateTimeOffset.TryParseExact(
            text.ToUpperInvariant(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }

    // The framework takes `+0100` and `+1:00` too, which RFC 3339 doesn't know.
    private static bool HasOffset(string text) =>
        text.Length > 6 && (text[^1] is 'Z' or 'z' || (text[^3] == ':' && text[^6] is ('+' or '-')));
}
