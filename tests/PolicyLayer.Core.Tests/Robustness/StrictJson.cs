using System.Text.Json;

namespace PolicyLayer.Tests.Robustness;

/// <summary>The framework's opinion of a text, at its strictest.</summary>
internal static class StrictJson
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowDuplicateProperties = false,
        AllowTrailingCommas = false,
        CommentHandling = JsonCommentHandling.Disallow,
        MaxDepth = 64,
    };

    public static bool Accepts(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Span.StartsWith("\uFEFF"u8))
        {
            utf8Json = utf8Json[3..];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json, Options);
            return IsDecodable(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The framework decodes strings when they are read, and throws at bad UTF-8 and lone surrogates only then.</summary>
    private static bool IsDecodable(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().All(member => member.Name is not null && IsDecodable(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsDecodable),
        JsonValueKind.String => element.GetString() is not null,
        _ => true,
    };
}
