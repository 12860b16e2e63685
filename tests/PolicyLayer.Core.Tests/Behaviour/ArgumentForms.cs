using System.Text.Json;

namespace PolicyLayer.Tests.Behaviour;

/// <summary>The same arguments in the other forms that hosts hold them in, where they have such a form.</summary>
internal static class ArgumentForms
{
    public static IReadOnlyList<string> All { get; } = ["text", "element", "elements", "values"];

    /// <summary>Arguments that a form can't hold (malformed, too large, not an object) stay text.</summary>
    public static ToolArguments Wrap(byte[]? utf8Json, string form)
    {
        if (utf8Json is null)
        {
            return ToolArguments.None;
        }

        if (form == "text" || utf8Json.Length > 1024 * 1024)
        {
            return ToolArguments.FromUtf8(utf8Json);
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = 1000 });
            JsonElement root = document.RootElement.Clone();
            return form switch
            {
                "element" => ToolArguments.FromElement(root),
                "elements" => ToolArguments.FromDictionary(Members(root, value => value)),
                _ => ToolArguments.FromDictionary(Members(root, Value)),
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return ToolArguments.FromUtf8(utf8Json);
        }
    }

    private static Dictionary<string, T> Members<T>(JsonElement element, Func<JsonElement, T> convert)
    {
        var members = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            members.Add(member.Name, convert(member.Value));
        }

        return members;
    }

    /// <summary>CLR values, except for numbers that no CLR type holds as they are written.</summary>
    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Members(element, Value),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Null => null,
        _ => element.TryGetInt64(out long integer) ? integer : element,
    };
}
