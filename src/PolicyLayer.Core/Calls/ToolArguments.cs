using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PolicyLayer.Calls;

namespace PolicyLayer;

/// <summary>The arguments of a call, in whichever form the host holds them. Nothing is copied or serialised by wrapping them.</summary>
/// <remarks>
/// What clients send for no arguments, a null reference, an undefined element or JSON <c>null</c>, is judged as <c>{}</c>: hand the tool
/// <c>{}</c> then.
/// <para>
/// The tool must get the same arguments that were judged: hand the wrapped object itself to the tool, don't parse the text a
/// second time with a more lenient reader, and don't change a dictionary or buffer between the decision and the call.
/// </para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct ToolArguments
{
    private readonly object? _source;
    private readonly JsonElement _element;

    // Where an array's text begins; for the other forms, which have no such place, the form's number below zero. That makes 32 bytes of
    // what is copied on every decision, which one register holds.
    private readonly int _start;
    private readonly int _length;

    private ToolArguments(ToolArgumentsForm form, object? source, JsonElement element = default)
    {
        _source = source;
        _element = element;
        _start = -(int)form;
    }

    private ToolArguments(ArraySegment<byte> text)
    {
        _source = text.Array;
        _start = text.Offset;
        _length = text.Count;
    }

    /// <summary>No arguments, judged as <c>{}</c>.</summary>
    public static ToolArguments None => default;

    internal ToolArgumentsForm Form
    {
        get
        {
            if (_start < 0)
            {
                return (ToolArgumentsForm)(-_start);
            }

            return _source is null ? ToolArgumentsForm.None : ToolArgumentsForm.Array;
        }
    }

    /// <summary>Whether there are none at all, which takes less to see than which form they have.</summary>
    internal bool IsNone => _source is null && _start == 0;

    /// <summary>Wraps raw JSON text in UTF-8. It is judged as it stands: duplicate names, odd numbers and all.</summary>
    /// <param name="utf8Json">One JSON object, without a byte order mark. It must not change while it is judged.</param>
    public static ToolArguments FromUtf8(ReadOnlyMemory<byte> utf8Json) =>
        MemoryMarshal.TryGetArray(utf8Json, out ArraySegment<byte> segment)
            ? new ToolArguments(segment)
            : new ToolArguments(ToolArgumentsForm.Memory, utf8Json);

    /// <summary>Wraps raw JSON text.</summary>
    /// <param name="json">One JSON object; null for none. Text with an unpaired surrogate is malformed.</param>
    public static ToolArguments FromJson(string? json)
    {
        if (json is null)
        {
            return default;
        }

        try
        {
            return FromUtf8(StrictUtf8.GetBytes(json));
        }
        catch (EncoderFallbackException)
        {
            return new ToolArguments(ToolArgumentsForm.Malformed, null);
        }
    }

    /// <summary>Wraps a parsed JSON value.</summary>
    /// <param name="element">A JSON object. Its document must not be disposed before the decision.</param>
    public static ToolArguments FromElement(JsonElement element) => new(ToolArgumentsForm.Element, null, element);

    /// <summary>Wraps a dictionary of parsed JSON values. Its names are compared as they are written, whatever its own comparer.</summary>
    /// <param name="arguments">Name to value; null for none.</param>
    public static ToolArguments FromDictionary(IReadOnlyDictionary<string, JsonElement>? arguments) =>
        arguments is null ? default : new(ToolArgumentsForm.Elements, arguments);

    /// <summary>
    /// Wraps a dictionary of CLR values, each judged as System.Text.Json writes it by default and with <c>JsonSerializerOptions.Web</c>.
    /// A value that it would write otherwise than the type says, or that it can't write, makes the arguments malformed.
    /// Names are compared as they are written, whatever the comparers of the dictionaries.
    /// </summary>
    /// <remarks>
    /// Accepted are null, booleans, strings and characters, integers to 128 bits, <see cref="Half"/>, <see cref="float"/>,
    /// <see cref="double"/>, <see cref="decimal"/>, <see cref="Guid"/>, <see cref="Uri"/>, dates and times; <c>byte[]</c> and memory of
    /// bytes, as base64; enumerations, as numbers; JSON elements, documents and nodes; and of these, arrays of one dimension, the
    /// framework's collections and its dictionaries with strings as keys, to any depth. Of other classes: sequences of text, numbers or
    /// times, and dictionaries from string to object, string or <see cref="JsonElement"/>.
    /// <para>
    /// Malformed are objects, records, tuples, <c>BigInteger</c>; whatever has a <c>JsonConverter</c> or another attribute of
    /// System.Text.Json on its type, enumerations and this dictionary included; nodes with a converter; collections that declare their
    /// elements as something that they may only be cast to (<c>IComparable[]</c>); NaN, infinities and halves of surrogate pairs.
    /// </para>
    /// <para>
    /// Converters in a host's own serialiser options aren't seen: a host that has one, such as a <c>JsonStringEnumConverter</c>, serialises
    /// the arguments with it first, and has the text judged.
    /// </para>
    /// </remarks>
    /// <param name="arguments">Name to value; null for none.</param>
    public static ToolArguments FromDictionary(IReadOnlyDictionary<string, object?>? arguments) =>
        arguments is null ? default : new(ToolArgumentsForm.Values, arguments);

    /// <summary>Wraps a parsed JSON value.</summary>
    /// <param name="element">A JSON object.</param>
    public static implicit operator ToolArguments(JsonElement element) => FromElement(element);

    /// <summary>Wraps raw JSON text in UTF-8.</summary>
    /// <param name="utf8Json">One JSON object.</param>
    public static implicit operator ToolArguments(ReadOnlyMemory<byte> utf8Json) => FromUtf8(utf8Json);

    /// <summary>Wraps raw JSON text in UTF-8.</summary>
    /// <param name="utf8Json">One JSON object; null for none.</param>
    public static implicit operator ToolArguments(byte[]? utf8Json) => utf8Json is null ? default : FromUtf8(utf8Json);

    /// <summary>What they are given as and, of a text, its length in bytes; no name and no value of them.</summary>
    public override string ToString() => Form switch
    {
        ToolArgumentsForm.None => "none",
        ToolArgumentsForm.Elements or ToolArgumentsForm.Values => "a dictionary",
        ToolArgumentsForm.Array => string.Create(CultureInfo.InvariantCulture, $"{_length} bytes"),
        ToolArgumentsForm.Memory => string.Create(CultureInfo.InvariantCulture, $"{((ReadOnlyMemory<byte>)_source!).Length} bytes"),
        ToolArgumentsForm.Element => "an element",
        _ => "malformed text",
    };

    /// <summary>Whether the form is text already.</summary>
    internal bool IsText => Form is ToolArgumentsForm.Array or ToolArgumentsForm.Memory or ToolArgumentsForm.Element;

    /// <summary>The text of the forms that have one.</summary>
    internal ReadOnlySpan<byte> Utf8 => Form switch
    {
        ToolArgumentsForm.Array => new ReadOnlySpan<byte>((byte[]?)_source, _start, _length),
        ToolArgumentsForm.Memory => ((ReadOnlyMemory<byte>)_source!).Span,
        ToolArgumentsForm.Element => _element.ValueKind == JsonValueKind.Undefined ? "null"u8 : JsonMarshal.GetRawUtf8Value(_element),
        _ => default,
    };

    internal IReadOnlyDictionary<string, JsonElement> Elements => (IReadOnlyDictionary<string, JsonElement>)_source!;

    internal IReadOnlyDictionary<string, object?> Values => (IReadOnlyDictionary<string, object?>)_source!;

    private static UTF8Encoding StrictUtf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
