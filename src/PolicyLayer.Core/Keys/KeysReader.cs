using System.Buffers.Text;
using System.Text.Json;

namespace PolicyLayer.Keys;

/// <summary>Reads the text of keys: strict, or things would be made with the wrong key; and silent about what stands in it.</summary>
internal static class KeysReader
{
    /// <exception cref="FormatException">The text isn't one of keys.</exception>
    public static PolicyLayerKeys Read(ReadOnlySpan<byte> utf8Json)
    {
        var reader = new Utf8JsonReader(utf8Json.StartsWith("\uFEFF"u8) ? utf8Json[3..] : utf8Json);
        try
        {
            return ReadDocument(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader's own message quotes what it stumbled over.
            throw Fault($"it isn't JSON, from byte {reader.BytesConsumed + 1} on");
        }
    }

    private static PolicyLayerKeys ReadDocument(ref Utf8JsonReader reader)
    {
        string? current = null;
        Dictionary<string, byte[]>? keys = null;
        Expect(ref reader, JsonTokenType.StartObject, "it isn't a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("current"u8) && current is null)
            {
                Expect(ref reader, JsonTokenType.String, "`current` must be the id of a key");
                current = reader.GetString();
            }
            else if (reader.ValueTextEquals("keys"u8) && keys is null)
            {
                keys = ReadKeys(ref reader);
            }
            else
            {
                throw Fault("it may have only the members `current` and `keys`, each once");
            }
        }

        // Finds what stands behind the object.
        reader.Read();
        if (current is null || keys is null)
        {
            throw Fault("it needs the members `current` and `keys`");
        }

        return keys.ContainsKey(current)
            ? new PolicyLayerKeys(current, keys)
            : throw Fault("`keys` has no key with the id that `current` names");
    }

    private static Dictionary<string, byte[]> ReadKeys(ref Utf8JsonReader reader)
    {
        var keys = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject, "`keys` must be an object from id to key");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string id = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, "a key must be a string, the Base64 of its bytes");
            byte[] key = Decode(reader.GetString()!) ?? throw Fault("a key isn't Base64");
            if (PolicyLayerKeys.FaultOf(id, key.Length) is { } fault)
            {
                throw new FormatException(fault);
            }

            if (!keys.TryAdd(id, key))
            {
                throw Fault($"`keys` has the id `{id}` twice");
            }
        }

        return keys;
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string otherwise)
    {
        reader.Read();
        if (reader.TokenType != type)
        {
            throw Fault(otherwise);
        }
    }

    private static FormatException Fault(string what) =>
        new($"The text doesn't hold keys: {what}. Help: write {{\"current\":\"k1\",\"keys\":{{\"k1\":\"BASE64 of 32 bytes\"}}}}.");
}
