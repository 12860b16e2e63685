using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>Members of the tool's JSON: those without a value are left out.</summary>
internal static class JsonMembers
{
    public static void WriteIfPresent(this Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteIfPresent(this Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>A number as a person would write it: a counter's millionths make no zeros behind the point.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, decimal amount)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(AmountText.Of(amount));
    }
}
