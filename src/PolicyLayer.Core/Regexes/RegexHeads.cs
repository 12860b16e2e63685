using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PolicyLayer.Regexes;

/// <summary>
/// What the first two or three bytes of a match can be, found by comparing sixteen places of a text at once, or thirty-two. Immutable.
/// </summary>
/// <remarks>
/// The ways in which a match can begin are divided among eight bits: a place fits if one bit is set for each of its bytes. The vectors
/// look up both halves of a byte, which lets more pass, so that a place they let pass is looked at again: what is found is the same with
/// vectors as without.
/// </remarks>
internal sealed class RegexHeads
{
    private const int Vector = 16;
    private const int Bytes = 256;

    private readonly int _length;

    // By place of a byte and byte: the bits of the ways that have it there.
    private readonly byte[] _ways;

    // By place: the ways by the lower four bits of a byte, and by the upper four.
    private readonly Vector128<byte>[] _lower;
    private readonly Vector128<byte>[] _upper;

    /// <param name="length">How many first bytes are known: two or three.</param>
    /// <param name="ways">By place of a byte and byte: the bits of the ways that have it there.</param>
    public RegexHeads(int length, byte[] ways)
    {
        _length = length;
        _ways = ways;
        _lower = new Vector128<byte>[RegexHeadsBuilder.MaxLength];
        _upper = new Vector128<byte>[RegexHeadsBuilder.MaxLength];
        byte[] lower = new byte[Vector];
        byte[] upper = new byte[Vector];
        for (int place = 0; place < _lower.Length; place++)
        {
            Array.Clear(lower);
            Array.Clear(upper);
            for (int i = 0; i < Bytes; i++)
            {
                byte bits = place < length ? ways[(place * Bytes) + i] : byte.MaxValue;
                lower[i & 0xF] |= bits;
                upper[i >> 4] |= bits;
            }

            _lower[place] = Vector128.Create(lower);
            _upper[place] = Vector128.Create(upper);
        }
    }

    /// <summary>Where the first place that fits is; −1 if there is none.</summary>
    public int IndexIn(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (TryFindVector(text, ref at, out uint fitting))
        {
            for (; fitting != 0; fitting &= fitting - 1)
            {
                int place = at + BitOperations.TrailingZeroCount(fitting);
                if (Fits(text, place))
                {
                    return place;
                }
            }

            at += Avx2.IsSupported ? 2 * Vector : Vector;
        }

        for (; at <= text.Length - _length; at++)
        {
            if (Fits(text, at))
            {
                return at;
            }
        }

        return -1;
    }

    // Moves on to where a vector of places has some that may fit, as long as there are so many places.
    private bool TryFindVector(ReadOnlySpan<byte> text, ref int at, out uint fitting)
    {
        fitting = 0;
        if (Avx2.IsSupported)
        {
            return TryFindLongVector(text, ref at, out fitting);
        }

        (Vector128<byte> lower0, Vector128<byte> lower1, Vector128<byte> lower2) = (_lower[0], _lower[1], _lower[2]);
        (Vector128<byte> upper0, Vector128<byte> upper1, Vector128<byte> upper2) = (_upper[0], _upper[1], _upper[2]);
        int place = at;
        for (; Vector128.IsHardwareAccelerated && place + Vector + 2 <= text.Length; place += Vector)
        {
            Vector128<byte> ways = Ways(text[place..], lower0, upper0) & Ways(text[(place + 1)..], lower1, upper1)
                & Ways(text[(place + 2)..], lower2, upper2);
            fitting = ~Vector128.Equals(ways, Vector128<byte>.Zero).ExtractMostSignificantBits() & ushort.MaxValue;
            if (fitting != 0)
            {
                break;
            }
        }

        at = place;
        return fitting != 0;
    }

    private bool TryFindLongVector(ReadOnlySpan<byte> text, ref int at, out uint fitting)
    {
        (Vector256<byte> lower0, Vector256<byte> lower1, Vector256<byte> lower2) = (Twice(_lower[0]), Twice(_lower[1]), Twice(_lower[2]));
        (Vector256<byte> upper0, Vector256<byte> upper1, Vector256<byte> upper2) = (Twice(_upper[0]), Twice(_upper[1]), Twice(_upper[2]));
        fitting = 0;
        int place = at;
        for (; place + (2 * Vector) + 2 <= text.Length; place += 2 * Vector)
        {
            Vector256<byte> ways = Ways(text[place..], lower0, upper0) & Ways(text[(place + 1)..], lower1, upper1)
                & Ways(text[(place + 2)..], lower2, upper2);
            fitting = ~Vector256.Equals(ways, Vector256<byte>.Zero).ExtractMostSignificantBits();
            if (fitting != 0)
            {
                break;
            }
        }

        at = place;
        return fitting != 0;
    }

    private static Vector256<byte> Twice(Vector128<byte> table) => Vector256.Create(table, table);

    private static Vector128<byte> Ways(ReadOnlySpan<byte> text, Vector128<byte> lower, Vector128<byte> upper)
    {
        Vector128<byte> bytes = Vector128.Create(text);
        Vector128<byte> low = bytes & Vector128.Create((byte)0xF);
        Vector128<byte> high = Vector128.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector128.Create((byte)0xF);
        return Vector128.Shuffle(lower, low) & Vector128.Shuffle(upper, high);
    }

    private static Vector256<byte> Ways(ReadOnlySpan<byte> text, Vector256<byte> lower, Vector256<byte> upper)
    {
        Vector256<byte> bytes = Vector256.Create(text);
        Vector256<byte> low = bytes & Vector256.Create((byte)0xF);
        Vector256<byte> high = Vector256.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0xF);
        return Avx2.Shuffle(lower, low) & Avx2.Shuffle(upper, high);
    }

    private bool Fits(ReadOnlySpan<byte> text, int at)
    {
        int ways = _ways[text[at]] & _ways[Bytes + text[at + 1]];
        return _length == 2 ? ways != 0 : (ways & _ways[(2 * Bytes) + text[at + 2]]) != 0;
    }
}
