using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>The name of a tool, in a call or a list.</summary>
internal static class ToolName
{
    /// <summary>The name; null where there is none, or one that isn't the same for all readers.</summary>
    public static string? Of(JsonRpcMessage message, JsonValue parent)
    {
        if (!Members.Find(parent, "name"u8, out JsonValue value) || value.Kind != JsonKind.String || !message.IsExact(value))
        {
            return null;
        }

        string name = Members.TextOf(value);
        return LenientText.UntilNul(name) == name ? name : null;
    }
}
