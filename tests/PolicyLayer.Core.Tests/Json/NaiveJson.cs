using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace PolicyLayer.Tests.Json;

/// <summary>What the scanner must accept, said with System.Text.Json and no thought of speed.</summary>
internal static class NaiveJson
{
    public static bool IsOneValue(string json) => IsOneObject(Encoding.UTF8.GetBytes($"{{\"v\":{json}}}"));

    public static bool IsOneObject(byte[] utf8, int maxDepth = 64)
    {
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = maxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object && IsSound(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsSound(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return TryRead(() => element.GetString()!, out _);
            case JsonValueKind.Array:
                return element.EnumerateArray().All(IsSound);
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                return element.EnumerateObject().All(
                    property => TryRead(() => property.Name, out string name) && names.Add(name) && IsSound(property.Value));
            default:
                return true;
        }
    }

    private static bool TryRead(Func<string> read, out string text)
    {
        try
        {
            text = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate.
            text = "";
            return false;
        }
    }
}
