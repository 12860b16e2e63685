using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PolicyLayer.Json.Scanning;

/// <summary>
/// Up to sixty-four bytes of a text, with a bit for each that ends a run of plain characters and for each beyond ASCII: the short strings
/// in it are found without looking at its bytes again, and none waits for where the last one ended.
/// </summary>
internal struct TextBlock
{
    private const int Size = 64;

    private int _start;
    private ulong _stops;
    private ulong _beyondAscii;

    /// <summary>How long a string is that has no escapes and is all ASCII; -1 for any other, or one that ends in another block.</summary>
    /// <param name="text">The text, the same each time.</param>
    /// <param name="start">Where the string begins, behind its quote.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MeasurePlainString(ReadOnlySpan<byte> text, int start)
    {
        uint offset = (uint)(start - _start);
        ulong stops = offset < Size ? _stops >> (int)offset : 0;
        if (stops == 0)
        {
            Load(text, start);
            offset = (uint)(start - _start);
            stops = offset < Size ? _stops >> (int)offset : 0;
            if (stops == 0)
            {
                return -1;
            }
        }

        int length = BitOperations.TrailingZeroCount(stops);
        bool isAscii = ((_beyondAscii >> (int)offset) & ((1UL << length) - 1)) == 0;
        return isAscii && text[start + length] == '"' ? length : -1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Load(ReadOnlySpan<byte> text, int start)
    {
        _start = Math.Max(0, Math.Min(start, text.Length - Size));
        if (text.Length - _start >= Vector256<byte>.Count)
        {
            // Of a text that is shorter than a block, the halves overlap.
            int second = Math.Min(_start + Vector256<byte>.Count, text.Length - Vector256<byte>.Count);
            var low = Vector256.Create(text.Slice(_start, Vector256<byte>.Count));
            var high = Vector256.Create(text.Slice(second, Vector256<byte>.Count));
            _stops = FindStops(low) | (FindStops(high) << (second - _start));
            _beyondAscii = low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << (second - _start));
            return;
        }

        _stops = 0;
        _beyondAscii = 0;
        for (int i = _start; i < text.Length; i++)
        {
            byte b = text[i];
            _stops |= b is < (byte)' ' or (byte)'"' or (byte)'\\' ? 1UL << (i - _start) : 0;
            _beyondAscii |= b >= 0x80 ? 1UL << (i - _start) : 0;
        }
    }

    /// <summary>A bit for each quote, backslash and control character.</summary>
    public static ulong FindStops(Vector256<byte> bytes)
    {
        Vector256<byte> stops = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
            | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
            | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
        return stops.ExtractMostSignificantBits();
    }
}
