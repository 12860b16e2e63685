using System.Text;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Proxy.Messages;

/// <summary>Looks for members of objects in a message.</summary>
internal static class Members
{
    /// <summary>Finds a member by its decoded name; false, too, when the value is no object.</summary>
    public static bool Find(JsonValue parent, ReadOnlySpan<byte> name, out JsonValue value)
    {
        foreach (JsonValue.Property property in parent.EnumerateProperties())
        {
            if (property.Name.Equals(name))
            {
                value = property.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A member that is a string, decoded; null for any other.</summary>
    public static string? FindText(JsonValue parent, ReadOnlySpan<byte> name) =>
        Find(parent, name, out JsonValue value) && value.Kind == JsonKind.String ? TextOf(value) : null;

    /// <summary>A string, decoded.</summary>
    public static string TextOf(JsonValue text) => Decode(text.String);

    /// <summary>A name or a string, decoded.</summary>
    public static string Decode(JsonString text)
    {
        if (!text.HasEscapes)
        {
            return Encoding.UTF8.GetString(text.Raw);
        }

        var decoded = new byte[text.MaxDecodedLength];
        return Encoding.UTF8.GetString(decoded.AsSpan(0, text.Decode(decoded.AsSpan())));
    }
}
