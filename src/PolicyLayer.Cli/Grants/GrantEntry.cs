using System.Text.Encodings.Web;
using System.Text.Json;

namespace PolicyLayer.Cli.Grants;

/// <summary>A grant that is to be made, as it will stand in a file: nothing of it is judged yet.</summary>
internal sealed record GrantEntry(string Id, string TokenSha256)
{
    public string? Label { get; init; }

    public string? Policy { get; init; }

    /// <summary>Names and values in the order given, twins included: the reader of the file finds them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    public string? Expires { get; init; }

    /// <summary>The entry's JSON in UTF-8.</summary>
    public byte[] ToJson(bool isIndented)
    {
        using var text = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = isIndented,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var json = new Utf8JsonWriter(text, options))
        {
            Write(json);
        }

        return text.ToArray();
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        WriteIfGiven(json, "label", Label);
        WriteIfGiven(json, "policy", Policy);
        if (Attributes.Count > 0)
        {
            json.WriteStartObject("attributes");
            foreach ((string name, string value) in Attributes)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        WriteIfGiven(json, "expires", Expires);
        json.WriteString("token_sha256", TokenSha256);
        json.WriteEndObject();
    }

    private static void WriteIfGiven(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
