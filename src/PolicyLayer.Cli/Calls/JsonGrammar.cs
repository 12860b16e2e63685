using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Calls;

/// <summary>
/// Whether a text is JSON by grammar alone: what its names and numbers mean, how long and how deep it is, is for the policy to judge.
/// </summary>
internal static class JsonGrammar
{
    /// <summary>Where a text stops being JSON, from 1, in characters; null where it is.</summary>
    public static (long Line, long Column)? FindError(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException e)
        {
            long line = e.LineNumber ?? 0;
            return (line + 1, ColumnOf(utf8, line, (int)(e.BytePositionInLine ?? 0)));
        }
    }

    private static long ColumnOf(ReadOnlySpan<byte> utf8, long line, int bytes)
    {
        for (; line > 0; line--)
        {
            utf8 = utf8[(utf8.IndexOf((byte)'\n') + 1)..];
        }

        return Encoding.UTF8.GetCharCount(utf8[..Math.Min(bytes, utf8.Length)]) + 1;
    }
}
