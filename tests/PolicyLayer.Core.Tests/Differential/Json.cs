using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// A JSON value as plainly as can be: numbers keep their text, objects their order and their duplicates. Mutable, for the generators.
/// </summary>
internal sealed class Json
{
    /// <summary>One of <c>null</c>, <c>boolean</c>, <c>number</c>, <c>string</c>, <c>array</c>, <c>object</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>A scalar: a string decoded, any other as it is written.</summary>
    public string Text { get; init; } = "";

    public List<Json> Items { get; init; } = [];

    public List<(string Name, Json Value)> Members { get; init; } = [];

    public Json? this[string name] => Members.Where(m => m.Name == name).Select(m => m.Value).FirstOrDefault();

    public static Json Null => new() { Kind = "null", Text = "null" };

    public static Json String(string text) => new() { Kind = "string", Text = text };

    public static Json Number(string text) => new() { Kind = "number", Text = text };

    public static Json Boolean(bool value) => new() { Kind = "boolean", Text = value ? "true" : "false" };

    public static Json Array(params IEnumerable<Json> items) => new() { Kind = "array", Items = [.. items] };

    public static Json Object(params IEnumerable<(string Name, Json Value)> members) => new() { Kind = "object", Members = [.. members] };

    public static Json Parse(byte[] utf8)
    {
        using JsonDocument document = JsonDocument.Parse(utf8);
        return Of(document.RootElement);
    }

    public Json Copy() => new()
    {
        Kind = Kind,
        Text = Text,
        Items = [.. Items.Select(item => item.Copy())],
        Members = [.. Members.Select(m => (m.Name, m.Value.Copy()))],
    };

    public override string ToString() => Write(_ => false, "");

    /// <summary>The text of the value.</summary>
    /// <param name="escape">Whether to spell the next character as an escape, though it needn't be.</param>
    /// <param name="space">White space around each token.</param>
    public string Write(Func<char, bool> escape, string space)
    {
        string Sequence(char open, IEnumerable<string> parts, char close) =>
            $"{open}{space}{string.Join(space + "," + space, parts)}{space}{close}";
        return Kind switch
        {
            "string" => Quote(Text, escape),
            "array" => Sequence('[', Items.Select(item => item.Write(escape, space)), ']'),
            "object" => Sequence('{', Members.Select(m => Quote(m.Name, escape) + space + ":" + space + m.Value.Write(escape, space)), '}'),
            _ => Text,
        };
    }

    private static Json Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object(value.EnumerateObject().Select(member => (member.Name, Of(member.Value))).ToList()),
        JsonValueKind.Array => Array(value.EnumerateArray().Select(Of).ToList()),
        JsonValueKind.String => String(value.GetString()!),
        JsonValueKind.Number => Number(value.GetRawText()),
        JsonValueKind.Null => Null,
        _ => Boolean(value.GetBoolean()),
    };

    private static string Quote(string text, Func<char, bool> escape)
    {
        var quoted = new StringBuilder("\"");
        bool escaped = false;
        foreach (char c in text)
        {
            escaped = char.IsLowSurrogate(c) ? escaped : c is '"' or '\\' || c < ' ' || escape(c);
            _ = escaped ? quoted.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)) : quoted.Append(c);
        }

        return quoted.Append('"').ToString();
    }
}
