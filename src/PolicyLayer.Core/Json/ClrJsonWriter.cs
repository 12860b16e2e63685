using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyLayer.Json;

/// <summary>
/// Writes a host's dictionaries as System.Text.Json would, for the scanner to read. The scanner alone decides what is wrong, and
/// what comes first: a value that can't be written ends the text there, which is malformed; one nested too deeply ends it with
/// the bracket that is too deep. Equal keys are written, and found by the scanner, whatever the dictionary's comparer.
/// </summary>
internal readonly ref struct ClrJsonWriter
{
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
        new ClrJsonWriter(buffer, maxDepth).WriteElements(arguments, 1);
        return JsonScanner.Scan(buffer.Written, maxDepth, tape);
    }

    /// <inheritdoc cref="Scan(IReadOnlyDictionary{string, JsonElement}, int, Utf8Buffer, JsonTape)"/>
    public static JsonFault Scan(
        IReadOnlyDictionary<string, object?> arguments, int maxDepth, Utf8Buffer buffer, JsonTape tape)
    {
        buffer.Clear();
        new ClrJsonWriter(buffer, maxDepth).WriteObjects(arguments, 1);
        return JsonScanner.Scan(buffer.Written, maxDepth, tape);
    }

    /// <inheritdoc cref="Scan(IReadOnlyDictionary{string, JsonElement}, int, Utf8Buffer, JsonTape)"/>
    public static JsonFault Scan(IReadOnlyDictionary<string, string> attributes, int maxDepth, Utf8Buffer buffer, JsonTape tape)
    {
        buffer.Clear();
        new ClrJsonWriter(buffer, maxDepth).WriteMembers(attributes, 1);
        return JsonScanner.Scan(buffer.Written, maxDepth, tape);
    }

    private bool WriteValue(object? value, int depth) => value switch
    {
        null => _output.TryAppend("null"u8),
        string text => ClrScalarWriter.TryWriteString(_output, text),
        JsonElement element => ClrScalarWriter.TryWriteElement(_output, element),
        JsonDocument document => ClrScalarWriter.TryWriteElement(_output, document.RootElement),
        JsonNode node => WriteNode(node, depth),
        byte[] bytes => ClrScalarWriter.TryWriteBase64(_output, bytes),
        Memory<byte> bytes => ClrScalarWriter.TryWriteBase64(_output, bytes.Span),
        ReadOnlyMemory<byte> bytes => ClrScalarWriter.TryWriteBase64(_output, bytes.Span),
        IReadOnlyDictionary<string, object?> members => WriteObjects(members, depth + 1),
        IDictionary<string, object?> members => WriteMembers(members, depth + 1),
        IReadOnlyDictionary<string, JsonElement> members => WriteElements(members, depth + 1),
        IReadOnlyDictionary<string, string?> members => WriteMembers(members, depth + 1),
        IDictionary members => WriteUntyped(members, depth + 1),
        IEnumerable elements => WriteArray(elements, depth + 1),
        _ => ClrScalarWriter.TryWrite(_output, value),
    };

    // The usual dictionary apart, whose enumerator costs no allocation.
    private bool WriteElements(IReadOnlyDictionary<string, JsonElement> members, int depth)
    {
        if (members is not Dictionary<string, JsonElement> dictionary)
        {
            return WriteMembers(members, depth);
        }

        bool written = Open((byte)'{', depth);
        bool first = true;
        foreach ((string name, JsonElement element) in dictionary)
        {
            written = written && WriteName(name, ref first) && ClrScalarWriter.TryWriteElement(_output, element);
            if (!written)
            {
                return false;
            }
        }

        return written && _output.TryAppend("}"u8);
    }

    private bool WriteObjects(IReadOnlyDictionary<string, object?> members, int depth)
    {
        if (members is not Dictionary<string, object?> dictionary)
        {
            return WriteMembers(members, depth);
        }

        bool written = Open((byte)'{', depth);
        bool first = true;
        foreach ((string name, object? value) in dictionary)
        {
            written = written && WriteName(name, ref first) && WriteValue(value, depth);
            if (!written)
            {
                return false;
            }
        }

        return written && _output.TryAppend("}"u8);
    }

    private bool WriteMembers<T>(IEnumerable<KeyValuePair<string, T>> members, int depth)
    {
        bool written = Open((byte)'{', depth);
        if (!written)
        {
            return false;
        }

        bool first = true;
        foreach ((string name, T value) in members)
        {
            if (!WriteName(name, ref first) || !WriteValue(value, depth))
            {
                return false;
            }
        }

        return _output.TryAppend("}"u8);
    }

    private bool WriteUntyped(IDictionary members, int depth)
    {
        if (!Open((byte)'{', depth))
        {
            return false;
        }

        bool first = true;
        foreach (DictionaryEntry entry in members)
        {
            if (entry.Key is not string name || !WriteName(name, ref first) || !WriteValue(entry.Value, depth))
            {
                return false;
            }
        }

        return _output.TryAppend("}"u8);
    }

    private bool WriteArray(IEnumerable elements, int depth)
    {
        if (!Open((byte)'[', depth))
        {
            return false;
        }

        bool first = true;
        foreach (object? element in elements)
        {
            if ((!first && !_output.TryAppend(","u8)) || !WriteValue(element, depth))
            {
                return false;
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
                return HasMembers(members) && WriteMembers(members, depth + 1);
            case JsonArray elements:
                return WriteArray(elements, depth + 1);
            default:
                return ClrScalarWriter.TryWriteNode(_output, node.AsValue());
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
