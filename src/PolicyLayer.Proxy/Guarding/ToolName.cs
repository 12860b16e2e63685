using PolicyLayer.Json.Values;
using PolicyLayer.Proxy.Messages;

namespace PolicyLayer.Proxy.Guarding;

/// <summary>The name of a tool, in a call or a list.</summary>
internal static class ToolName
{
    /// <summary>The name; null where there is none, or one that ends earlier for some readers.</summary>
    public static string? Of(JsonValue parent) =>
        Members.FindText(parent, "name"u8) is { } name && LenientText.UntilNul(name) == name ? name : null;
}
