using System.Text.Json.Nodes;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>The trace that a request says it belongs to, by its <c>_meta</c>. It changes no decision, and is read by who uses it.</summary>
/// <param name="Parent">The W3C <c>traceparent</c>, as it was sent; null for none.</param>
/// <param name="State">The <c>tracestate</c> likewise.</param>
internal readonly record struct AskedTrace(string? Parent, string? State)
{
    /// <summary>Reads it; what can't be read is none.</summary>
    /// <param name="parameters">The request's <c>params</c>.</param>
    public static AskedTrace Read(JsonObject parameters)
    {
        try
        {
            return parameters["_meta"] is JsonObject meta
                ? new AskedTrace(TextOf(meta["traceparent"]), TextOf(meta["tracestate"]))
                : default;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Two members of one name, or half a surrogate pair.
            return default;
        }
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
