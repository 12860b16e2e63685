using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Scanning;

/// <summary>Finds and validates the body of a string.</summary>
internal static class JsonStringScanner
{
    /// <summary>The offset of the closing quote, or -1 when the string is malformed.</summary>
    public static int Scan(ReadOnlySpan<byte> text, int start, out bool hasEscapes)
    {
        hasEscapes = false;
        bool ascii = true;
        int i = start;
        while (true)
        {
            i = SkipPlain(text, i, ref ascii);
            if ((uint)i >= (uint)text.Length || text[i] < ' ')
            {
                return -1;
            }

            if (text[i] == '"')
            {
                // UTF-8 is validated as a whole: whatever else is wrong in the string is as malformed.
                return ascii || Utf8.IsValid(text[start..i]) ? i : -1;
            }

            hasEscapes = true;
            i = SkipEscape(text, i);
            if (i < 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Moves to the next quote, backslash or control character.</summary>
    private static int SkipPlain(ReadOnlySpan<byte> text, int i, ref bool ascii)
    {
        while (text.Length - i >= Vector256<byte>.Count)
        {
            var bytes = Vector256.Create(text.Slice(i, Vector256<byte>.Count));
            int length = BitOperations.TrailingZeroCount(TextBlock.FindStops(bytes) | (1UL << Vector256<byte>.Count));
            ascii &= (bytes.ExtractMostSignificantBits() & ((1UL << length) - 1)) == 0;
            i += length;
            if (length < Vector256<byte>.Count)
            {
                return i;
            }
        }

        byte seen = 0;
        for (; (uint)i < (uint)text.Length; i++)
        {
            byte b = text[i];
            if (b is < (byte)' ' or (byte)'"' or (byte)'\\')
            {
                break;
            }

            seen |= b;
        }

        ascii &= seen < 0x80;
        return i;
    }

    /// <summary>The offset behind an escape, or pair of surrogate escapes; -1 when it is malformed.</summary>
    private static int SkipEscape(ReadOnlySpan<byte> text, int i)
    {
        if (i + 1 >= text.Length)
        {
            return -1;
        }

        if (text[i + 1] is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return i + 2;
        }

        int unit = JsonString.ReadUnit(text, i);
        if (unit is < 0xD800 or > 0xDFFF)
        {
            return unit < 0 ? -1 : i + 6;
        }

        bool paired = unit < 0xDC00 && JsonString.ReadUnit(text, i + 6) is >= 0xDC00 and <= 0xDFFF;
        return paired ? i + 12 : -1;
    }
}
