using System.Text;
using PolicyLayer.Text;

namespace PolicyLayer.Documents;

/// <summary>Says what stands where JSON ends to be JSON, when it is something that people and other formats write in its place.</summary>
internal static class ForeignSyntax
{
    /// <summary>What a thing is called, and what to write in its place.</summary>
    public sealed record Named(DiagnosticDescriptor Descriptor, string Message, string Help);

    /// <summary>The finding for what stands at an offset, or null when it is nothing known.</summary>
    /// <param name="text">The document, valid UTF-8.</param>
    /// <param name="offset">Where reading stopped.</param>
    /// <param name="isFirst">Whether nothing was read before.</param>
    /// <param name="kind">What the document is for.</param>
    public static Named? Find(ReadOnlySpan<byte> text, int offset, bool isFirst, DocumentKind kind)
    {
        if (isFirst && IsYaml(text))
        {
            return Malformed("This is YAML, not JSON.", "write JSON: names and texts in double quotes, with braces and commas");
        }

        if (FindEscape(text, offset) is { } escape)
        {
            return Malformed($"{Quoted.Of(escape)} is no escape of JSON.", @"in JSON a backslash is written `\\`");
        }

        byte found = offset < text.Length ? text[offset] : (byte)0;
        return found switch
        {
            (byte)'#' => new Named(DiagnosticDescriptors.Comment, "Comments aren't allowed, with `#` neither.", kind.CommentHelp),
            (byte)'\'' => Malformed("In JSON, names and texts stand in double quotes, not single ones.", "write `\"`"),
            (byte)'`' => Malformed("In JSON, names and texts stand in double quotes.", "write `\"`"),
            0xE2 when IsCurlyQuote(text[offset..]) =>
                Malformed("In JSON, names and texts stand in straight double quotes, not typographic ones.", "write `\"`"),
            _ => FindWord(text, offset),
        };
    }

    private static Named Malformed(string message, string help) =>
        new(DiagnosticDescriptors.MalformedJson, message, help);

    /// <summary>A backslash, with what follows it, that begins no escape; null for none. Readers stop at it or just behind.</summary>
    private static string? FindEscape(ReadOnlySpan<byte> text, int offset)
    {
        int at = offset < text.Length && text[offset] == '\\' ? offset : offset - 1;
        if (at < 0 || at + 1 >= text.Length || text[at] != '\\' || "\"\\/bfnrtu"u8.Contains(text[at + 1]))
        {
            return null;
        }

        // The second of two is an escaped one.
        if ((at - text[..at].LastIndexOfAnyExcept((byte)'\\')) % 2 == 0)
        {
            return null;
        }

        Rune.DecodeFromUtf8(text[(at + 1)..], out Rune escaped, out _);
        return @"\" + escaped;
    }

    // The quotation marks of typography: U+2018 to U+201F.
    private static bool IsCurlyQuote(ReadOnlySpan<byte> text) => text.Length > 2 && text[1] == 0x80 && text[2] is >= 0x98 and <= 0x9F;

    /// <summary>A word where a value or a name should stand, as JavaScript and Python write them.</summary>
    private static Named? FindWord(ReadOnlySpan<byte> text, int offset)
    {
        int start = offset;
        while (start > 0 && IsWordByte(text[start - 1]))
        {
            start--;
        }

        int end = start;
        while (end < text.Length && IsWordByte(text[end]))
        {
            end++;
        }

        if (start == end || char.IsAsciiDigit((char)text[start]) || text[start] == '-')
        {
            return null;
        }

        string word = Encoding.UTF8.GetString(text[start..end]);
        if (word is "True" or "False" or "None" or "undefined" or "NaN" or "Infinity")
        {
            return Malformed($"{Quoted.Of(word)} is no value of JSON.", "write `true`, `false` or `null`, or a number");
        }

        return text[end..].TrimStart(" \t"u8) is [(byte)':', ..]
            ? Malformed($"The name {Quoted.Of(word)} stands without quotes.", "write names in double quotes")
            : null;
    }

    private static bool IsWordByte(byte unit) => char.IsAsciiLetterOrDigit((char)unit) || unit is (byte)'_' or (byte)'$' or (byte)'-';

    /// <summary>Whether the first line that says something is one of YAML's: a name and a colon, an item, or a start.</summary>
    private static bool IsYaml(ReadOnlySpan<byte> text)
    {
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].Trim(" \t\r"u8);
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            int word = 0;
            while (word < line.Length && IsWordByte(line[word]))
            {
                word++;
            }

            return line.StartsWith("---"u8) || line.StartsWith("%YAML"u8) || line.StartsWith("- "u8)
                || (word > 0 && line[word..] is [(byte)':'] or [(byte)':', (byte)' ', ..]);
        }

        return false;
    }
}
