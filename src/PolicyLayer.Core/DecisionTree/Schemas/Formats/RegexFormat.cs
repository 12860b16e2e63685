using System.Text;
using PolicyLayer.Regexes;

namespace PolicyLayer.DecisionTree.Schemas.Formats;

/// <summary>
/// <c>regex</c>: a pattern of at most 4,096 characters in the dialect that policies use themselves. It is parsed, never run.
/// </summary>
internal static class RegexFormat
{
    private const int MaxLength = 4_096;

    public static bool Matches(ReadOnlySpan<byte> text)
    {
        if (text.Length > 4 * MaxLength)
        {
            return false;
        }

        string pattern = Encoding.UTF8.GetString(text);
        return pattern.Length <= MaxLength && new RegexParser(pattern, isSyntaxOnly: true).Parse(out _) is null;
    }
}
