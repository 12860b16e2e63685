using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace PolicyLayer.Regexes;

/// <summary>
/// What the first characters of a match can be, found by comparing sixteen places of a text at once, or thirty-two. Immutable.
/// </summary>
/// <remarks>
/// The beginnings of matches are divided among ways, a bit each: a place fits if one bit is set for each of the bytes that are looked at.
/// Where all within the reach are ASCII, those are the first and those at the distances that tell most, else the first alone. The vectors
/// look up both halves of a byte, which lets more pass, so that a place they let pass is looked at again. INVARIANT: which place fits
/// doesn't depend on how it is looked for, as what a text costs hangs on it.
/// </remarks>
internal sealed class RegexHeads
{
    private const int Vector = 16;
    private const int LongVector = 32;
    private const byte Beyond = CodePointClasses.AsciiEnd;

    private readonly byte[] _ways;
    private readonly byte[] _adjacentWays;
    private readonly int[] _distances;

    // No byte that is looked at lies further from the first.
    private readonly int _reach;
    private readonly RegexHeadPlace _first;
    private readonly RegexHeadPlace _second;
    private readonly RegexHeadPlace _third;

    // By adjacent bytes, where not all is ASCII.
    private readonly RegexHeadPlace _adjacent0;
    private readonly RegexHeadPlace _adjacent1;
    private readonly RegexHeadPlace _adjacent2;

    public RegexHeads(RegexHeadPlaces places)
    {
        _ways = places.Ways;
        _adjacentWays = places.AdjacentWays;
        _distances = places.Distances;
        _first = places.InAscii(places.First);
        _second = places.InAscii(places.Second);
        _third = places.InAscii(places.Third);
        _reach = places.Reach;
        _adjacent0 = places.Adjacent(0);
        _adjacent1 = places.Adjacent(1);
        _adjacent2 = places.Adjacent(2);
    }

    /// <summary>Where the first place that fits is; −1 if there is none.</summary>
    public int IndexIn(ReadOnlySpan<byte> text)
    {
        int width = Avx2.IsSupported ? LongVector : Vector;
        int last = text.Length - width - _reach;
        int at = 0;
        while (at <= last)
        {
            uint fitting = Avx2.IsSupported ? FindLongVector(text, ref at, last) : FindVector(text, ref at, last);
            for (; fitting != 0; fitting &= fitting - 1)
            {
                int place = at + BitOperations.TrailingZeroCount(fitting);
                if (Fits(text, place))
                {
                    return place;
                }
            }

            at = Next(at, width, last);
        }

        // Behind the last vector no match can begin: it has more characters than the reach, and so more bytes.
        for (; at < text.Length - _reach; at++)
        {
            if (Fits(text, at))
            {
                return at;
            }
        }

        return -1;
    }

    // The last vector ends where the text does, and may hold places that were looked at before.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Next(int at, int width, int last) => at < last ? Math.Min(at + width, last) : at + width;

    // Moves on to a vector of places with some that may fit, or behind the last.
    private uint FindLongVector(ReadOnlySpan<byte> text, ref int at, int last)
    {
        (Vector256<byte> lower1, Vector256<byte> upper1) = (Twice(_first.Lower), Twice(_first.Upper));
        (Vector256<byte> lower2, Vector256<byte> upper2) = (Twice(_second.Lower), Twice(_second.Upper));
        (int distance1, int distance2, int reach) = (_first.Distance, _second.Distance, _reach);
        uint fitting = 0;
        int place = at;

        // INVARIANT: from the last place on there are a vector and the reach, so that nothing is read behind the text.
        ref byte start = ref MemoryMarshal.GetReference(text);
        for (; place <= last; place = Next(place, LongVector, last))
        {
            // Every byte that may be looked at is in one of these or the other.
            Vector256<byte> all = Load(ref start, place) | Load(ref start, place + reach);
            Vector256<byte> ways = Ways(Load(ref start, place + distance1), lower1, upper1)
                & Ways(Load(ref start, place + distance2), lower2, upper2);
            if (((all & Vector256.Create(Beyond)) | ways) == Vector256<byte>.Zero)
            {
                continue;
            }

            fitting = FittingOf(ways & Ways(Load(ref start, place + _third.Distance), Twice(_third.Lower), Twice(_third.Upper)));
            uint beyond = all.ExtractMostSignificantBits();
            fitting = beyond == 0 ? fitting : AddBeyondAscii(ref start, place, fitting);
            if (fitting != 0)
            {
                break;
            }
        }

        at = place;
        return fitting;
    }

    // Where a byte within the reach isn't ASCII, what was found at a distance says nothing. Unlike the loops it would begin unoptimized.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private uint AddBeyondAscii(ref byte start, int place, uint fitting)
    {
        Vector256<byte> bytes = Load(ref start, place);
        Vector256<byte> ways = Ways(bytes, Twice(_adjacent0.Lower), Twice(_adjacent0.Upper));
        ways &= Ways(Load(ref start, place + _adjacent1.Distance), Twice(_adjacent1.Lower), Twice(_adjacent1.Upper));
        if (ways == Vector256<byte>.Zero)
        {
            return fitting;
        }

        ways &= Ways(Load(ref start, place + _adjacent2.Distance), Twice(_adjacent2.Lower), Twice(_adjacent2.Upper));
        uint adjacent = FittingOf(ways);
        return adjacent == 0
            ? fitting
            : Choose(fitting, adjacent, bytes.ExtractMostSignificantBits(), Load(ref start, place + _reach).ExtractMostSignificantBits());
    }

    // Of the places that fit at a distance and those that fit by adjacent bytes: the latter where a byte within the reach isn't ASCII, of
    // which there are bits for the bytes from the first place on and for those from the reach on.
    private uint Choose(uint distant, uint adjacent, uint first, uint reached)
    {
        ulong near = first | ((ulong)reached << _reach);
        for (int covered = 1; covered <= _reach; covered *= 2)
        {
            near |= near >> Math.Min(covered, _reach + 1 - covered);
        }

        return (distant & ~(uint)near) | (adjacent & (uint)near);
    }

    private uint FindVector(ReadOnlySpan<byte> text, ref int at, int last)
    {
        uint fitting = 0;
        int place = at;
        for (; place <= last; place = Next(place, Vector, last))
        {
            fitting = FindVector(text[place..]);
            if (fitting != 0)
            {
                break;
            }
        }

        at = place;
        return fitting;
    }

    private uint FindVector(ReadOnlySpan<byte> text)
    {
        uint fitting = FittingOf(Ways(text, in _first) & Ways(text, in _second) & Ways(text, in _third));
        uint first = Vector128.Create(text).ExtractMostSignificantBits();
        uint reached = Vector128.Create(text[_reach..]).ExtractMostSignificantBits();
        return (first | reached) == 0
            ? fitting
            : Choose(fitting, FittingOf(Ways(text, in _adjacent0) & Ways(text, in _adjacent1) & Ways(text, in _adjacent2)), first, reached);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load(ref byte start, int at) => Vector256.LoadUnsafe(ref start, (nuint)at);

    private static Vector256<byte> Twice(Vector128<byte> table) => Vector256.Create(table, table);

    private static uint FittingOf(Vector256<byte> ways) => ~Vector256.Equals(ways, Vector256<byte>.Zero).ExtractMostSignificantBits();

    private static uint FittingOf(Vector128<byte> ways) =>
        ~Vector128.Equals(ways, Vector128<byte>.Zero).ExtractMostSignificantBits() & ushort.MaxValue;

    private static Vector128<byte> Ways(ReadOnlySpan<byte> text, in RegexHeadPlace place)
    {
        Vector128<byte> bytes = Vector128.Create(text[place.Distance..]);
        Vector128<byte> low = bytes & Vector128.Create((byte)0xF);
        Vector128<byte> high = Vector128.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector128.Create((byte)0xF);
        return Vector128.Shuffle(place.Lower, low) & Vector128.Shuffle(place.Upper, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Ways(Vector256<byte> bytes, Vector256<byte> lower, Vector256<byte> upper)
    {
        Vector256<byte> low = bytes & Vector256.Create((byte)0xF);
        Vector256<byte> high = Vector256.ShiftRightLogical(bytes.AsUInt16(), 4).AsByte() & Vector256.Create((byte)0xF);
        return Avx2.Shuffle(lower, low) & Avx2.Shuffle(upper, high);
    }

    private bool Fits(ReadOnlySpan<byte> text, int at)
    {
        ReadOnlySpan<byte> bytes = text.Slice(at, _reach + 1);
        int ways = byte.MaxValue;
        if (!Ascii.IsValid(bytes))
        {
            for (int i = 0; i * RegexHeadsBuilder.Bytes < _adjacentWays.Length; i++)
            {
                ways &= _adjacentWays[(i * RegexHeadsBuilder.Bytes) + bytes[i]];
            }

            return ways != 0;
        }

        for (int i = 0; i < _distances.Length && ways != 0; i++)
        {
            ways &= _ways[(_distances[i] * RegexHeadsBuilder.Bytes) + bytes[_distances[i]]];
        }

        return ways != 0;
    }
}
