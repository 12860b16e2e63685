using System.Globalization;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Json.Canonical;

/// <summary>
/// A number as RFC 8785 writes it: the shortest digits that are read as the same double, as ECMAScript prints them.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>The most bytes that one has.</summary>
    public const int MaxLength = 32;

    // From ECMAScript's Number::toString: with more digits before the point, or more zeros after it, the exponent is written.
    private const int MostDigitsBeforePoint = 21;
    private const int MostZerosAfterPoint = 6;

    /// <summary>
    /// Writes a number; false, where the double that most tools will read, printed so, isn't the decimal that was written.
    /// </summary>
    public static bool TryWrite(in JsonNumber number, Span<byte> utf8, out int written)
    {
        double value = number.ToNearestDouble();
        written = 0;
        if (!double.IsFinite(value))
        {
            return false;
        }

        written = Write(value, utf8);
        return JsonNumber.Compare(number, new JsonNumber(utf8[..written])) == 0;
    }

    private static int Write(double value, Span<byte> utf8)
    {
        // Both zeros are written alike.
        if (value == 0)
        {
            utf8[0] = (byte)'0';
            return 1;
        }

        int sign = value < 0 ? 1 : 0;
        utf8[0] = (byte)'-';
        Span<byte> digits = stackalloc byte[MaxLength];
        int count = ReadDigits(Math.Abs(value), digits, out int point);
        return sign + Write(digits[..count], point, utf8[sign..]);
    }

    /// <summary>A positive number's shortest digits, without zeros at either end, and how many of them stand before the point.</summary>
    private static int ReadDigits(double value, Span<byte> digits, out int point)
    {
        Span<byte> text = stackalloc byte[MaxLength];
        value.TryFormat(text, out int length, "R", CultureInfo.InvariantCulture);
        int exponent = text[..length].IndexOf((byte)'E');
        point = 0;
        if (exponent >= 0)
        {
            point = int.Parse(text[(exponent + 1)..length], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            length = exponent;
        }

        int count = 0;
        bool isAfterPoint = false;
        foreach (byte b in text[..length])
        {
            if (b == '.')
            {
                isAfterPoint = true;
                continue;
            }

            bool isLeadingZero = count == 0 && b == '0';
            point += isAfterPoint ? 0 : 1;
            point -= isLeadingZero ? 1 : 0;
            if (!isLeadingZero)
            {
                digits[count++] = b;
            }
        }

        return digits[..count].TrimEnd((byte)'0').Length;
    }

    private static int Write(ReadOnlySpan<byte> digits, int point, Span<byte> utf8)
    {
        if (point is > MostDigitsBeforePoint or <= -MostZerosAfterPoint)
        {
            return WriteWithExponent(digits, point - 1, utf8);
        }

        if (point <= 0)
        {
            "0."u8.CopyTo(utf8);
            utf8.Slice(2, -point).Fill((byte)'0');
            digits.CopyTo(utf8[(2 - point)..]);
            return 2 - point + digits.Length;
        }

        if (point >= digits.Length)
        {
            digits.CopyTo(utf8);
            utf8[digits.Length..point].Fill((byte)'0');
            return point;
        }

        digits[..point].CopyTo(utf8);
        utf8[point] = (byte)'.';
        digits[point..].CopyTo(utf8[(point + 1)..]);
        return digits.Length + 1;
    }

    private static int WriteWithExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> utf8)
    {
        utf8[0] = digits[0];
        int length = 1;
        if (digits.Length > 1)
        {
            utf8[length++] = (byte)'.';
            digits[1..].CopyTo(utf8[length..]);
            length += digits.Length - 1;
        }

        utf8[length++] = (byte)'e';
        utf8[length++] = (byte)(exponent < 0 ? '-' : '+');
        Math.Abs(exponent).TryFormat(utf8[length..], out int written, default, CultureInfo.InvariantCulture);
        return length + written;
    }
}
