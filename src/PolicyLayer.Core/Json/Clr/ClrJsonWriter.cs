using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyLayer.Json.Scanning;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Clr;

/// <summary>
/// Writes a host's dictionaries as System.Text.Json would, for the scanner to read. The scanner alone decides what is wrong, and
/// what comes first: a value that can't be written ends the text there, which is malformed; one nested too deeply ends it with
/// the bracket that is too deep. Equal keys are written, and found by the scanner, whatever the dictionary's comparer.
/// </summary>
internal readonly ref struct ClrJsonWriter
{
    private static readonly ClrShape Node = ClrShape.Of(typeof(JsonNode));

    private readonly Utf8Buffer _output;
    private readonly int _maxDepth;

    private ClrJsonWriter(Utf8Buffer output, int maxDepth)
    {
        _output = output;
        _maxDepth = maxDepth;
    }

    /// <summary>Writes to the buffer, whose text the tape's values then refer to, and scans it.</summary>
    public static JsonFault Scan(
        IReadOnlyDictionary<string, JsonElement> arguments, int maxDepth, Utf8Buffer buffer, JsonTape tape)
    {
        buffer.Clear();
        if (!IsOrdinary(arguments) || !new ClrJsonWriter(buffer, maxDepth).WriteElements(arguments, 1))
        {
            buffer.Refuse(arguments);
        }

        return ScanWritten(buffer, maxDepth, tape);
    }

    /// <inheritdoc cref="Scan(IReadOnlyDictionary{string, JsonElement}, int, Utf8Buffer, JsonTape)"/>
    public static JsonFault Scan(
        IReadOnlyDictionary<string, object?> arguments, int maxDepth, Utf8Buffer buffer, JsonTape tape)
    {
        buffer.Clear();
        if (!IsOrdinary(arguments) || !new ClrJsonWriter(buffer, maxDepth).WriteObjects(arguments, 1))
        {
            buffer.Refuse(arguments);
        }

        return ScanWritten(buffer, maxDepth, tape);
    }

    /// <inheritdoc cref="Scan(IReadOnlyDictionary{string, JsonElement}, int, Utf8Buffer, JsonTape)"/>
    public static JsonFault Scan(IReadOnlyDictionary<string, string> attributes, int maxDepth, Utf8Buffer buffer, JsonTape tape)
    {
        buffer.Clear();
        if (!new ClrJsonWriter(buffer, maxDepth).WriteMembers(attributes, ClrShape.Any, 1))
        {
            buffer.Refuse(attributes);
        }

        return ScanWritten(buffer, maxDepth, tape);
    }

    /// <summary>A text that is too long isn't scanned: its size is checked first, as that of any text.</summary>
    private static JsonFault ScanWritten(Utf8Buffer buffer, int maxDepth, JsonTape tape) =>
        buffer.IsFull ? JsonFault.TooDeep : JsonScanner.Scan(buffer.Written, maxDepth, tape);

    /// <summary>
    /// Whether a tool that is handed the host's dictionary gets what its members are: a serialiser asks attributes on its type first.
    /// </summary>
    private static bool IsOrdinary<T>(IReadOnlyDictionary<string, T> arguments) =>
        arguments.GetType() == typeof(Dictionary<string, T>) || !ClrShape.HasAttributes(arguments.GetType());

    /// <summary>Writes a value that is declared as the shape, such as an element of a list of it.</summary>
    private bool WriteValue(object? value, ClrShape declared, int depth)
    {
        if (value is null)
        {
            return _output.TryAppend("null"u8);
        }

        // The usual types apart, which no other scalar is a base of.
        if (declared.Kind is ClrKind.Any or ClrKind.Scalar)
        {
            switch (value)
            {
                case string text:
                    return ClrScalarWriter.TryWriteString(_output, text);
                case JsonElement element:
                    return ClrScalarWriter.TryWriteElement(_output, element);
                case bool or int or long or double:
                    return ClrScalarWriter.TryWrite(_output, value);
                case Dictionary<string, object?> members when value.GetType() == typeof(Dictionary<string, object?>):
                    return WriteObjects(members, depth + 1);
            }
        }

        ClrShape shape = ClrShape.Of(value.GetType());
        return declared.Admits(shape) && WriteShaped(value, shape, depth);
    }

    private bool WriteShaped(object value, ClrShape shape, int depth) => shape.Kind switch
    {
        ClrKind.Scalar => ClrScalarWriter.TryWrite(_output, value),
        ClrKind.Bytes => ClrScalarWriter.TryWriteBytes(_output, value),
        ClrKind.Node => WriteNode((JsonNode)value, depth),
        ClrKind.Sequence when shape.Interface is { } contents => WriteArray(contents.ElementsOf(value), shape.Element!, depth + 1),
        ClrKind.Sequence => HasElements(value) && WriteArray((IEnumerable)value, shape.Element!, depth + 1),
        ClrKind.Dictionary when shape.Interface is { } contents => WriteMembers(contents.MembersOf(value), shape.Element!, depth + 1),
        ClrKind.Dictionary => WriteUntyped((IDictionary)value, shape.Element!, depth + 1),
        _ => false,
    };

    // The usual dictionary apart, whose enumerator costs no allocation.
    private bool WriteElements(IReadOnlyDictionary<string, JsonElement> members, int depth)
    {
        if (members is not Dictionary<string, JsonElement> dictionary)
        {
            return WriteMembers(members, ClrShape.Any, depth);
        }

        bool written = Open((byte)'{', depth);
        bool first = true;
        foreach ((string name, JsonElement element) in dictionary)
        {
            if (!written || !WriteName(name, ref first))
            {
                return false;
            }

            if (!ClrScalarWriter.TryWriteElement(_output, element))
            {
                return _output.Refuse(element);
            }
        }

        return written && _output.TryAppend("}"u8);
    }

    private bool WriteObjects(IReadOnlyDictionary<string, object?> members, int depth)
    {
        if (members is not Dictionary<string, object?> dictionary)
        {
            return WriteMembers(members, ClrShape.Any, depth);
        }

        bool written = Open((byte)'{', depth);
        bool first = true;
        foreach ((string name, object? value) in dictionary)
        {
            if (!written || !WriteName(name, ref first))
            {
                return false;
            }

            if (!WriteValue(value, ClrShape.Any, depth))
            {
                return _output.Refuse(value);
            }
        }

        return written && _output.TryAppend("}"u8);
    }

    private bool WriteMembers<T>(IEnumerable<KeyValuePair<string, T>> members, ClrShape declared, int depth)
    {
        bool written = Open((byte)'{', depth);
        if (!written)
        {
            return false;
        }

        bool first = true;
        foreach ((string name, T value) in members)
        {
            if (!WriteName(name, ref first))
            {
                return false;
            }

            if (!WriteValue(value, declared, depth))
            {
                return _output.Refuse(value);
            }
        }

        return _output.TryAppend("}"u8);
    }

    private bool WriteUntyped(IDictionary members, ClrShape declared, int depth)
    {
        if (!Open((byte)'{', depth))
        {
            return false;
        }

        bool first = true;
        foreach (DictionaryEntry entry in members)
        {
            if (entry.Key is not string name || !WriteName(name, ref first))
            {
                return false;
            }

            if (!WriteValue(entry.Value, declared, depth))
            {
                return _output.Refuse(entry.Value);
            }
        }

        return _output.TryAppend("}"u8);
    }

    private bool WriteArray(IEnumerable elements, ClrShape declared, int depth)
    {
        if (!Open((byte)'[', depth))
        {
            return false;
        }

        bool first = true;
        foreach (object? element in elements)
        {
            if ((!first && !_output.TryAppend(","u8)) || !WriteValue(element, declared, depth))
            {
                return _output.Refuse(element);
            }

            first = false;
        }

        return _output.TryAppend("]"u8);
    }

    private bool WriteNode(JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject members:
                return HasMembers(members) && WriteMembers(members, Node, depth + 1);
            case JsonArray elements:
                return WriteArray(elements, Node, depth + 1);
            default:
                return ClrScalarWriter.TryWriteNode(_output, node.AsValue());
        }
    }

    /// <summary>Whether there is something to read: a default <c>ImmutableArray</c> or <c>ArraySegment</c> throws.</summary>
    private static bool HasElements(object value)
    {
        if (value is not ValueType)
        {
            return true;
        }

        try
        {
            (((IEnumerable)value).GetEnumerator() as IDisposable)?.Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether the object can be read: one made of text with duplicate names throws, at its first use.</summary>
    private static bool HasMembers(JsonObject members)
    {
        try
        {
            return members.Count >= 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private bool WriteName(string? name, ref bool first)
    {
        bool written = (first || _output.TryAppend(","u8))
            && name is not null
            && ClrScalarWriter.TryWriteString(_output, name)
            && _output.TryAppend(":"u8);
        first = false;
        return written;
    }

    /// <summary>Writes the bracket even when it is too deep, for the scanner to meet, but nothing behind it.</summary>
    private bool Open(byte bracket, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return _output.TryAppend([bracket]) && depth <= _maxDepth;
    }
}
