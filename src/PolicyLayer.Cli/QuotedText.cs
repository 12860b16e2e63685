using PolicyLayer.Cli.Output;

namespace PolicyLayer.Cli;

/// <summary>What a person wrote, in backticks for a message: in one line, and never long.</summary>
internal static class QuotedText
{
    private const int MaxLength = 64;

    public static string Of(string text)
    {
        if (text.Length <= MaxLength)
        {
            return $"`{PlainTable.OneLine(text)}`";
        }

        int length = char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        return $"`{PlainTable.OneLine(text[..length])}…`";
    }
}
