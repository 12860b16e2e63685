using System.Text.Json;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;
using PolicyLayer.Text;

namespace PolicyLayer.Json.Clr;

/// <summary>
/// Finds what of a host's dictionary couldn't be read, in the text that was written of it. Nothing is noted while it is written, so that
/// this costs nothing where all can be read; and the host's objects are asked nothing again.
/// </summary>
internal static class UnreadableValue
{
    private const int MaxDepth = 1_000;

    /// <summary>As lenient as whatever a host's elements were parsed with.</summary>
    private static readonly JsonReaderOptions Options =
        new() { MaxDepth = int.MaxValue, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The pointer of the value that was to be written where a text ends; of the object, where a name was.</summary>
    public static string Behind(ReadOnlySpan<byte> written)
    {
        var path = new UnreadablePath();
        var reader = new Utf8JsonReader(written, isFinalBlock: false, new JsonReaderState(Options));
        try
        {
            while (reader.Read())
            {
                path.Take(ref reader);
            }
        }
        catch (JsonException)
        {
            // As far as it could be read.
        }

        return path.ToString();
    }

    /// <summary>The pointer of the first argument of a whole text that the scanner refuses, or whose name was there before.</summary>
    public static string In(ReadOnlySpan<byte> text)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tape = new JsonTape();
        var reader = new Utf8JsonReader(text, Options);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                ReadOnlySpan<byte> value = text[start..(int)reader.BytesConsumed];
                if (!names.Add(name) || JsonScanner.ScanValue(value, MaxDepth, tape) == JsonFault.Malformed)
                {
                    return PointerOf(name);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // It can't be read that way either.
        }

        return "";
    }

    /// <summary>The pointer of an argument, cut as in records.</summary>
    public static string PointerOf(string name) => "/" + JsonPointer.Escape(Utf16.Cut(name, UnreadablePath.MaxName).ToString());
}
