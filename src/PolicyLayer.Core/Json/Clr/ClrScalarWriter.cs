using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace PolicyLayer.Json.Clr;

/// <summary>Writes single CLR values as System.Text.Json does by default, up to escapes that aren't needed; false when it can't.</summary>
internal static class ClrScalarWriter
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F"
        + "\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");

    private static readonly Type PrimitiveNode = System.Text.Json.Nodes.JsonValue.Create(true).GetType().GetGenericTypeDefinition();

    public static bool TryWrite(Utf8Buffer output, object value) => value switch
    {
        string text => TryWriteString(output, text),
        JsonElement element => TryWriteElement(output, element),
        JsonDocument document => TryWriteElement(output, document.RootElement),
        bool flag => output.TryAppend(flag ? "true"u8 : "false"u8),
        char character => TryWriteString(output, [character]),

        // Before the integers that it is made of; written by its number.
        Enum member => TryWriteEnum(output, member),
        byte or sbyte or short or ushort or int or uint or long or ulong or Int128 or UInt128 or decimal =>
            TryFormat(output, (IUtf8SpanFormattable)value, 48),
        double number => double.IsFinite(number) && TryFormat(output, number, 48),
        float number => float.IsFinite(number) && TryFormat(output, number, 48),
        Half number => Half.IsFinite(number) && TryFormat(output, number, 48),
        Guid id => TryFormatQuoted(output, id, "D"),
        DateTime time => TryFormatQuoted(output, time, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"),
        DateTimeOffset time => TryFormatQuoted(output, time, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"),
        DateOnly date => TryFormatQuoted(output, date, "yyyy-MM-dd"),
        TimeOnly time => TryFormatQuoted(output, time.ToTimeSpan(), "c"),
        TimeSpan time => TryFormatQuoted(output, time, "c"),
        Uri uri => TryWriteString(output, uri.OriginalString),
        _ => false,
    };

    public static bool TryWriteElement(Utf8Buffer output, JsonElement element) =>
        element.ValueKind != JsonValueKind.Undefined && output.TryAppend(JsonMarshal.GetRawUtf8Value(element));

    public static bool TryWriteString(Utf8Buffer output, ReadOnlySpan<char> text)
    {
        if (!output.TryAppend("\""u8))
        {
            return false;
        }

        while (true)
        {
            int run = text.IndexOfAny(Escaped);
            if (!TryTranscode(output, run < 0 ? text : text[..run]))
            {
                return false;
            }

            if (run < 0)
            {
                return output.TryAppend("\""u8);
            }

            if (!TryWriteEscape(output, text[run]))
            {
                return false;
            }

            text = text[(run + 1)..];
        }
    }

    /// <summary>Writes an array or a memory of bytes.</summary>
    public static bool TryWriteBytes(Utf8Buffer output, object value) => value switch
    {
        byte[] bytes => TryWriteBase64(output, bytes),
        Memory<byte> bytes => TryWriteBase64(output, bytes.Span),
        ReadOnlyMemory<byte> bytes => TryWriteBase64(output, bytes.Span),
        _ => false,
    };

    private static bool TryWriteBase64(Utf8Buffer output, ReadOnlySpan<byte> bytes)
    {
        long length = ((bytes.Length + 2L) / 3 * 4) + 2;
        if (!output.TryReserve(length, length, out Span<byte> free))
        {
            return false;
        }

        free[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, free[1..], out _, out int written);
        free[written + 1] = (byte)'"';
        output.Advance(written + 2);
        return true;
    }

    /// <summary>A leaf of a document object model. One with a converter of its own is written differently by each serialiser.</summary>
    public static bool TryWriteNode(Utf8Buffer output, System.Text.Json.Nodes.JsonValue node)
    {
        // The types of leaves are the framework's alone. Those that aren't generic hold JSON text that was read.
        Type type = node.GetType();
        if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() != PrimitiveNode)
        {
            return false;
        }

        return node.TryGetValue(out object? value) ? TryWrite(output, value) : TryWriteText(output, node);
    }

    private static bool TryWriteText(Utf8Buffer output, System.Text.Json.Nodes.JsonValue node)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            node.WriteTo(writer);
        }

        return output.TryAppend(json.WrittenSpan);
    }

    private static bool TryTranscode(Utf8Buffer output, ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (!output.TryReserve(text.Length, Math.Min(text.Length, 1 << 20) * 3L, out Span<byte> free))
            {
                return false;
            }

            OperationStatus status = Utf8.FromUtf16(text, free, out int read, out int written, replaceInvalidSequences: false);
            if (status is not (OperationStatus.Done or OperationStatus.DestinationTooSmall))
            {
                return false;
            }

            output.Advance(written);
            text = text[read..];
        }

        return true;
    }

    private static bool TryWriteEscape(Utf8Buffer output, char character) => character switch
    {
        '"' => output.TryAppend("\\\""u8),
        '\\' => output.TryAppend("\\\\"u8),
        _ => output.TryAppend("\\u00"u8) && output.TryAppend([HexDigit(character >> 4), HexDigit(character & 15)]),
    };

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private static bool TryWriteEnum(Utf8Buffer output, Enum member) => member.GetTypeCode() == TypeCode.UInt64
        ? TryFormat(output, ((IConvertible)member).ToUInt64(CultureInfo.InvariantCulture), 48)
        : TryFormat(output, ((IConvertible)member).ToInt64(CultureInfo.InvariantCulture), 48);

    private static bool TryFormatQuoted<T>(Utf8Buffer output, T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable =>
        output.TryAppend("\""u8) && TryFormat(output, value, 64, format) && output.TryAppend("\""u8);

    private static bool TryFormat<T>(Utf8Buffer output, T value, long room, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        if (!output.TryReserve(1, room, out Span<byte> free)
            || !value.TryFormat(free, out int written, format, CultureInfo.InvariantCulture))
        {
            return false;
        }

        output.Advance(written);
        return true;
    }
}
