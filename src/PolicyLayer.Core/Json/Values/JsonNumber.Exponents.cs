using System.Globalization;

namespace PolicyLayer.Json.Values;

/// <content>Exponents of any length, read from the text.</content>
internal readonly ref partial struct JsonNumber
{
    private const long GroupPower = 1_000_000_000_000_000_000;

    /// <summary>The exponent of the first digit; false where a long may not hold it.</summary>
    public bool TryGetExponent(out long exponent)
    {
        exponent = _parts.Exponent;
        return !_parts.HasHugeExponent;
    }

    /// <summary>
    /// Writes the exponent of the first digit, its sign always and no leading zeros; at most two bytes more than what was written, or 20.
    /// </summary>
    public int WriteExponent(Span<byte> utf8)
    {
        if (!_parts.HasHugeExponent)
        {
            _parts.Exponent.TryFormat(utf8, out int length, "+0;-0", CultureInfo.InvariantCulture);
            return length;
        }

        ReadOnlySpan<byte> written = WrittenExponent(out bool isNegative);
        utf8[0] = (byte)(isNegative ? '-' : '+');
        Span<byte> digits = utf8.Slice(1, written.Length + 1);
        digits[0] = (byte)'0';
        written.CopyTo(digits[1..]);
        AddTo(digits, isNegative ? -FindShift() : FindShift());
        int zeros = digits.IndexOfAnyExcept((byte)'0');
        digits[zeros..].CopyTo(digits);
        return 1 + digits.Length - zeros;
    }

    /// <summary>a's exponent minus b's: exact up to a million millions, of the right sign beyond.</summary>
    private static long ExponentDifference(in JsonNumber a, in JsonNumber b) =>
        a._parts.HasHugeExponent || b._parts.HasHugeExponent ? HugeExponentDifference(a, b) : a._parts.Exponent - b._parts.Exponent;

    private static long HugeExponentDifference(in JsonNumber a, in JsonNumber b)
    {
        ReadOnlySpan<byte> left = a.WrittenExponent(out bool leftIsNegative);
        ReadOnlySpan<byte> right = b.WrittenExponent(out bool rightIsNegative);
        if (leftIsNegative != rightIsNegative)
        {
            // One of them has 19 digits or more, which no shift outweighs.
            return leftIsNegative ? -GroupPower : GroupPower;
        }

        long difference = SaturatingDifference(left, right);
        return (leftIsNegative ? -difference : difference) + a.FindShift() - b.FindShift();
    }

    private static long SaturatingDifference(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        const long Enough = 1_000_000_000_000;
        long difference = 0;
        for (int left = Math.Max(a.Length, b.Length); left > 0; left--)
        {
            int digitOfA = left <= a.Length ? a[^left] - '0' : 0;
            int digitOfB = left <= b.Length ? b[^left] - '0' : 0;
            difference = (difference * 10) + digitOfA - digitOfB;
            if (difference is > Enough or < -Enough)
            {
                // Whatever follows only takes it further from 0.
                break;
            }
        }

        return difference;
    }

    private static long ParseShort(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (byte digit in digits)
        {
            value = (value * 10) + (digit - '0');
        }

        return value;
    }

    /// <summary>The digits of the exponent as written, without leading zeros; empty for 0.</summary>
    private ReadOnlySpan<byte> WrittenExponent(out bool isNegative)
    {
        isNegative = false;
        int start = FindExponent();
        if (start == _raw.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> digits = _raw[(start + 1)..];
        isNegative = digits[0] == '-';
        return digits.TrimStart("+-"u8).TrimStart((byte)'0');
    }

    /// <summary>What the place of the first digit adds to the exponent as written.</summary>
    private int FindShift()
    {
        int exponent = FindExponent();
        int point = _raw[..exponent].IndexOf((byte)'.');
        return ShiftOf(FindFirstDigit(), (point < 0 ? exponent : point) - 1);
    }

    /// <summary>Where the first significant digit stands, in a number other than zero.</summary>
    private int FindFirstDigit() => _raw.IndexOfAnyInRange((byte)'1', (byte)'9');

    /// <summary>Where the exponent begins; the end without one.</summary>
    private int FindExponent() => _raw.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var start ? start : _raw.Length;

    private static int ShiftOf(int firstDigit, int unitsDigit) =>
        firstDigit <= unitsDigit ? unitsDigit - firstDigit : unitsDigit - firstDigit + 1;

    private bool ExponentIsNegative()
    {
        WrittenExponent(out bool isNegative);
        return isNegative;
    }

    private void AddExponentTo(ref KeyedHasher hasher)
    {
        if (!_parts.HasHugeExponent)
        {
            long magnitude = Math.Abs(_parts.Exponent);
            hasher.AddWord(_parts.Exponent < 0 ? 1UL : 0);
            hasher.AddWord((ulong)(magnitude / GroupPower));
            hasher.AddWord((ulong)(magnitude % GroupPower));
            return;
        }

        // The shift is added to the last 18 digits, and a carry or borrow to those before.
        ReadOnlySpan<byte> digits = WrittenExponent(out bool isNegative);
        long low = ParseShort(digits[^LongExponentDigits..]) + (isNegative ? -FindShift() : FindShift());
        int carry = low switch
        {
            < 0 => -1,
            >= GroupPower => 1,
            _ => 0,
        };
        hasher.AddWord(isNegative ? 1UL : 0);
        hasher.AddWord(HashDigits(digits[..^LongExponentDigits], carry));
        hasher.AddWord((ulong)(low - (carry * GroupPower)));
    }

    /// <summary>Adds a number to a decimal that stays positive and has room for the carry.</summary>
    private static void AddTo(Span<byte> digits, long carry)
    {
        for (int i = digits.Length - 1; carry != 0; i--)
        {
            long sum = digits[i] - '0' + carry;
            long digit = ((sum % 10) + 10) % 10;
            digits[i] = (byte)('0' + digit);
            carry = (sum - digit) / 10;
        }
    }

    /// <summary>The polynomial of a decimal's digits after adding -1, 0 or 1; leading zeros don't change it.</summary>
    private static ulong HashDigits(ReadOnlySpan<byte> digits, int carry)
    {
        var hasher = default(KeyedHasher);
        int last = carry switch
        {
            1 => digits.LastIndexOfAnyExcept((byte)'9'),
            -1 => digits.LastIndexOfAnyExcept((byte)'0'),
            _ => digits.Length,
        };
        if (last < 0)
        {
            hasher.AddWord(1);
        }

        for (int i = 0; i < digits.Length; i++)
        {
            hasher.AddWord((ulong)DigitAfterCarry(digits[i], i - last, carry));
        }

        return hasher.Sum;
    }

    /// <summary>A digit after a carry or borrow that goes no further to the left than the digit it is counted from.</summary>
    private static int DigitAfterCarry(byte digit, int behindLast, int carry) => behindLast switch
    {
        < 0 => digit - '0',
        0 => digit - '0' + carry,
        _ => carry > 0 ? 0 : 9,
    };
}
