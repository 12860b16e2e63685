using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PolicyLayer.Cli.Output;

/// <summary>JSON values taken apart, line for line: what stands in them, each by its path. Numbers are as their text is.</summary>
/// <remarks>
/// INVARIANT: what is written is linear in the values. A container's path that is long gets a line and a number of its own, as in
/// <c>#1 is args.long</c>, and paths below it begin with the number, as in <c>#1[0]</c>; no other line repeats it.
/// </remarks>
/// <param name="write">Takes a line.</param>
internal sealed class ValueLines(Action<string> write)
{
    private const int MaxRepeated = 64;

    private int _named;

    /// <summary>Writes the lines of a value.</summary>
    /// <param name="root">The path of the value, as it is shown.</param>
    /// <param name="value">The value.</param>
    public void Write(string root, JsonElement value)
    {
        var open = new Stack<Container>();
        string path = root;
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value), new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path = open.Peek().Path + StepOf(JsonStringText.Of(reader));
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    Container container = open.Pop();
                    if (container.Count == 0)
                    {
                        write($"{container.Path} = {(container.IsList ? "[]" : "{}")}");
                    }

                    break;
                default:
                    path = Count(open) ?? path;
                    if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                    {
                        open.Push(new Container(ShortOf(path), IsList: reader.TokenType == JsonTokenType.StartArray));
                    }
                    else
                    {
                        write($"{path} = {TextOf(reader)}");
                    }

                    break;
            }
        }
    }

    /// <summary>Counts what begins; its path where it stands in a list, else null.</summary>
    private static string? Count(Stack<Container> open)
    {
        if (!open.TryPop(out Container container))
        {
            return null;
        }

        open.Push(container with { Count = container.Count + 1 });
        return container.IsList ? string.Create(CultureInfo.InvariantCulture, $"{container.Path}[{container.Count}]") : null;
    }

    /// <summary>The path that lines below a container begin with.</summary>
    private string ShortOf(string path)
    {
        if (path.Length <= MaxRepeated)
        {
            return path;
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"#{++_named}");
        write($"{name} is {path}");
        return name;
    }

    // Between the first quote and the last of a line all is the text's own: no quote in it needs an escape.
    private static string TextOf(in Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }

        string text = JsonStringText.Of(reader);
        return $"\"{VisibleText.Of(text)}\"{RightToLeft.NoteOf(text)}";
    }

    /// <summary>As policies write a step: in quotes where a character could be taken for one of the path's.</summary>
    private static string StepOf(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            return "." + name;
        }

        return $"[{VisibleText.Quote(name)}]";
    }

    private readonly record struct Container(string Path, bool IsList, int Count = 0);
}
