using System.Text.Json;

namespace PolicyLayer.Cli.Calls;

/// <summary>The members of one JSON object, their values left as the text that they are.</summary>
internal static class LineMembers
{
    // How deep arguments nest is for the policy to judge.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = int.MaxValue };

    /// <exception cref="FormatException">The line isn't one JSON object, or names a member twice.</exception>
    public static Dictionary<string, ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> line)
    {
        var members = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(line.Span, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new FormatException("The line is not a JSON object.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!members.TryAdd(name, line[start..(int)reader.BytesConsumed]))
                {
                    throw new FormatException($"{QuotedText.Of(name)} is there twice.");
                }
            }

            // Finds what stands behind the object.
            reader.Read();
            return members;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own message may quote the line, and with it arguments.
            throw new FormatException($"The line is not JSON, from byte {reader.BytesConsumed + 1} on.");
        }
    }

    /// <summary>The text of a JSON string; null if the value is none.</summary>
    public static string? ReadString(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
