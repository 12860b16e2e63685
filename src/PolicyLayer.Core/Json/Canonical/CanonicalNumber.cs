using System.Globalization;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Canonical;

/// <summary>
/// Numbers in the notation of RFC 8785, which is ECMAScript's: no zeros at either end, and an exponent where many digits would stand before
/// the point, or many zeros after it.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>The most bytes of one that <see cref="TryWrite"/> writes.</summary>
    public const int MaxLength = 32;

    // From ECMAScript's Number::toString: with more digits before the point, or more zeros after it, the exponent is written.
    private const int MostDigitsBeforePoint = 21;
    private const int MostZerosAfterPoint = 6;

    // Digits before the point that aren't in the text, a sign, a point, and an exponent longer than the one in the text.
    private const int MostAdded = 32;

    /// <summary>
    /// Writes a number as RFC 8785 does, by the shortest digits that are read as the same double; false, where that isn't the decimal that
    /// was written.
    /// </summary>
    public static bool TryWrite(in JsonNumber number, Span<byte> utf8, out int written)
    {
        double value = number.ToNearestDouble();
        written = 0;
        if (!double.IsFinite(value))
        {
            return false;
        }

        Span<byte> shortest = stackalloc byte[MaxLength];
        value.TryFormat(shortest, out int length, "R", CultureInfo.InvariantCulture);
        var printed = new JsonNumber(shortest[..length]);
        if (JsonNumber.Compare(number, printed) != 0)
        {
            return false;
        }

        written = WriteExact(printed, utf8);
        return true;
    }

    /// <summary>The bytes that are enough for a number, all its digits written.</summary>
    public static long MaxLengthOf(in JsonNumber number) => (long)number.Length + MostAdded;

    /// <summary>
    /// Writes all digits of the decimal that a number is, however many. Where a double, printed as RFC 8785 does, is that decimal, this is
    /// what it prints. Exponents are written, never expanded.
    /// </summary>
    public static int WriteExact(in JsonNumber number, Span<byte> utf8)
    {
        // Both zeros are written alike.
        if (number.IsZero)
        {
            utf8[0] = (byte)'0';
            return 1;
        }

        int sign = number.Sign < 0 ? 1 : 0;
        utf8[0] = (byte)'-';
        utf8 = utf8[sign..];
        number.CopyDigits(utf8);
        if (number.TryGetExponent(out long exponent) && exponent is >= -MostZerosAfterPoint and < MostDigitsBeforePoint)
        {
            return sign + PlacePoint(utf8, number.DigitCount, (int)exponent + 1);
        }

        int length = number.DigitCount == 1 ? 1 : PlacePoint(utf8, number.DigitCount, 1);
        utf8[length++] = (byte)'e';
        return sign + length + number.WriteExponent(utf8[length..]);
    }

    /// <summary>Puts the point, and the zeros up to it, into the digits that a text begins with.</summary>
    private static int PlacePoint(Span<byte> utf8, int digits, int point)
    {
        if (point <= 0)
        {
            utf8[..digits].CopyTo(utf8[(2 - point)..]);
            utf8[..(2 - point)].Fill((byte)'0');
            utf8[1] = (byte)'.';
            return 2 - point + digits;
        }

        if (point >= digits)
        {
            utf8[digits..point].Fill((byte)'0');
            return point;
        }

        utf8[point..digits].CopyTo(utf8[(point + 1)..]);
        utf8[point] = (byte)'.';
        return digits + 1;
    }
}
