using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Secrets.Searching;

/// <summary>An object as whoever logs it with all its public members sees it.</summary>
internal static class ObjectText
{
    private const int MaxDepth = 8;

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Add(value, text, 0);
        return text.ToString();
    }

    private static void Add(object? value, StringBuilder text, int depth)
    {
        switch (value)
        {
            case null:
                return;
            case string or JsonElement or IFormattable:
                text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"{value}"));
                return;
            case Exception exception:
                text.AppendLine(exception.ToString());
                return;
            case ReadOnlyMemory<byte> bytes:
                text.AppendLine(Encoding.Latin1.GetString(bytes.Span));
                return;
        }

        text.AppendLine(value.ToString());
        if (depth == MaxDepth)
        {
            return;
        }

        if (value is IEnumerable elements)
        {
            foreach (object? element in elements)
            {
                Add(element, text, depth + 1);
            }
        }

        if (value.GetType().Namespace?.StartsWith("PolicyLayer", StringComparison.Ordinal) == true)
        {
            AddMembers(value, text, depth);
        }
    }

    private static void AddMembers(object value, StringBuilder text, int depth)
    {
        foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0)
            {
                text.Append(property.Name).Append('=');
                Add(property.GetValue(value), text, depth + 1);
            }
        }
    }
}
