using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyLayer.ModelContextProtocol;

/// <summary>The <c>params</c> of a <c>tools/call</c> as they were sent. The text of the arguments is what is judged.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">The arguments' text; null for none.</param>
internal sealed record AskedCall(string Tool, ReadOnlyMemory<byte>? Arguments)
{
    private const string ToolName = "name";
    private const string ArgumentsName = "arguments";

    /// <summary>The members that decide what runs, and how it goes on.</summary>
    private static readonly string[] Members = [ToolName, ArgumentsName, Continuations.StateName, Continuations.ResponsesName];

    /// <summary>No JSON, which is denied as malformed.</summary>
    private static readonly ReadOnlyMemory<byte>? Unreadable = ReadOnlyMemory<byte>.Empty;

    /// <summary>Reads the call; null where it names no tool.</summary>
    /// <param name="parameters">What was sent.</param>
    public static AskedCall? Read(JsonNode? parameters)
    {
        try
        {
            return parameters is JsonObject members && members[ToolName] is JsonValue name && name.TryGetValue(out string? tool)
                ? new AskedCall(tool, HasVariants(members) ? Unreadable : TextOf(members[ArgumentsName]))
                : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // Two members of one name, or half a surrogate pair.
            return null;
        }
    }

    /// <summary>As what it is judged.</summary>
    public ToolArguments Judged => WrapOf(Arguments);

    /// <summary>A member of <c>params</c> that is an object of whatever names, as it was sent.</summary>
    /// <param name="member">The member; null for none.</param>
    public static ToolArguments ArgumentsOf(JsonNode? member) => WrapOf(TextOf(member));

    /// <summary>Whether a tool gets the very arguments that were judged.</summary>
    /// <param name="arguments">What it gets.</param>
    public bool HasArguments(IDictionary<string, JsonElement>? arguments)
    {
        if (Arguments is not { } text || text.Span.SequenceEqual("null"u8))
        {
            return arguments is null or { Count: 0 };
        }

        var buffer = new ArrayBufferWriter<byte>(text.Length);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((string name, JsonElement value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return text.Span.SequenceEqual(buffer.WrittenSpan) || AreEqual(text, buffer.WrittenMemory);
    }

    /// <summary>Whether they differ by nothing but how they are written, such as the order of their members.</summary>
    private static bool AreEqual(ReadOnlyMemory<byte> judged, ReadOnlyMemory<byte> given)
    {
        using JsonDocument left = JsonDocument.Parse(judged);
        using JsonDocument right = JsonDocument.Parse(given);
        return JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }

    private static ToolArguments WrapOf(ReadOnlyMemory<byte>? text) =>
        text is { } written ? ToolArguments.FromUtf8(written) : ToolArguments.None;

    /// <summary>Whether a member may be taken for another: the SDK reads names whatever their case.</summary>
    private static bool HasVariants(JsonObject members)
    {
        foreach ((string name, _) in members)
        {
            foreach (string member in Members)
            {
                if (name.Equals(member, StringComparison.OrdinalIgnoreCase) && name != member)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The text that the SDK reads the tool's arguments from, with members of one name where there are any.</summary>
    private static ReadOnlyMemory<byte>? TextOf(JsonNode? arguments)
    {
        if (arguments is null)
        {
            return null;
        }

        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(buffer);
            arguments.WriteTo(writer);
            writer.Flush();
            return buffer.WrittenMemory;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return Unreadable;
        }
    }
}
