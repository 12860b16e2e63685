using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>A JSON value taken apart: what stands in it, each by its path. Numbers are as their text is.</summary>
internal static class ValueLines
{
    /// <param name="root">The path of the value, as it is shown.</param>
    /// <param name="value">The value.</param>
    public static List<ValueLine> Of(string root, JsonElement value)
    {
        var lines = new List<ValueLine>();
        var open = new Stack<Container>();
        var path = new StringBuilder(root);
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path.Length = open.Peek().PathLength;
                    path.Append(StepOf(JsonStringText.Of(reader)));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    Container container = open.Pop();
                    path.Length = container.PathLength;
                    if (container.Count == 0)
                    {
                        lines.Add(new ValueLine(path.ToString(), reader.TokenType == JsonTokenType.EndObject ? "{}" : "[]"));
                    }

                    break;
                default:
                    AddIndex(open, path);
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push(new Container(path.Length, IsList: reader.TokenType == JsonTokenType.StartArray));
                    }
                    else
                    {
                        lines.Add(new ValueLine(path.ToString(), TextOf(reader)));
                    }

                    break;
            }
        }

        return lines;
    }

    /// <summary>Counts what begins, and in a list puts its index behind the list's path.</summary>
    private static void AddIndex(Stack<Container> open, StringBuilder path)
    {
        if (!open.TryPop(out Container container))
        {
            return;
        }

        if (container.IsList)
        {
            path.Length = container.PathLength;
            path.Append(CultureInfo.InvariantCulture, $"[{container.Count}]");
        }

        open.Push(container with { Count = container.Count + 1 });
    }

    // Between the first quote and the last of a line all is the text's own: no quote in it needs an escape.
    private static string TextOf(in Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String
        ? $"\"{VisibleText.Of(JsonStringText.Of(reader))}\""
        : Encoding.UTF8.GetString(reader.ValueSpan);

    /// <summary>As policies write a step: in quotes where a character could be taken for one of the path's.</summary>
    private static string StepOf(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            return "." + name;
        }

        string escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"[\"{VisibleText.OfName(escaped)}\"]";
    }

    private readonly record struct Container(int PathLength, bool IsList, int Count = 0);
}

/// <summary>One value that holds no other.</summary>
/// <param name="Path">Where it stands, fit to be shown.</param>
/// <param name="Text">The value, fit to be shown.</param>
internal sealed record ValueLine(string Path, string Text);
