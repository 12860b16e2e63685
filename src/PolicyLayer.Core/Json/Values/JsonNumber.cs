using System.Globalization;

namespace PolicyLayer.Json.Values;

/// <summary>
/// The exact decimal that a JSON number writes, whatever its length: a sign, the significant digits d1.d2d3… without zeros at
/// either end, and the exponent of ten that d1 stands at. Exponents are never expanded; all costs are linear in the text.
/// </summary>
internal readonly ref partial struct JsonNumber
{
    /// <summary>The significant digits that decide which double is nearest, whatever follows.</summary>
    public const int DoubleDigits = 800;

    private const int MantissaDigits = 19;

    /// <summary>Exponents of at most so many digits are kept in a long, the others are read from the text.</summary>
    private const int LongExponentDigits = 18;

    private static readonly ulong[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000,
    ];

    private readonly ReadOnlySpan<byte> _raw;

    private readonly JsonNumberParts _parts;

    /// <param name="raw">A number that the scanner accepted.</param>
    public JsonNumber(ReadOnlySpan<byte> raw)
    {
        _raw = raw;
        int end = ReadDigits(raw, ref _parts, out int firstDigit, out int unitsDigit);
        if (firstDigit < 0)
        {
            return;
        }

        _parts.IsNegative = raw[0] == '-';
        _parts.Exponent = ShiftOf(firstDigit, unitsDigit);
        if (end < raw.Length)
        {
            ReadOnlySpan<byte> exponent = WrittenExponent(out bool isNegative);
            _parts.HasHugeExponent = exponent.Length > LongExponentDigits;
            if (!_parts.HasHugeExponent)
            {
                long written = ParseShort(exponent);
                _parts.Exponent += isNegative ? -written : written;
            }
        }
    }

    /// <summary>A number that was read before.</summary>
    /// <param name="raw">Its text.</param>
    /// <param name="parts">What was read from it.</param>
    public JsonNumber(ReadOnlySpan<byte> raw, scoped in JsonNumberParts parts)
    {
        _raw = raw;
        _parts = parts;
    }

    /// <summary>What was read from the text, to be kept with it.</summary>
    public JsonNumberParts Parts => _parts;

    /// <summary>Bytes of the text.</summary>
    public int Length => _raw.Length;

    public bool IsZero => _parts.Mantissa == 0;

    /// <summary>How many significant digits it has; 0 for zero alone.</summary>
    public int DigitCount => _parts.SignificantDigits;

    /// <summary>-1, 0 or 1; -0 is 0.</summary>
    public int Sign
    {
        get
        {
            if (IsZero)
            {
                return 0;
            }

            return _parts.IsNegative ? -1 : 1;
        }
    }

    public bool IsInteger => IsZero || (_parts.HasHugeExponent ? !ExponentIsNegative() : _parts.Exponent >= _parts.SignificantDigits - 1);

    /// <summary>Whether numbers of this kind compare as doubles just as they do exactly: at most 15 digits, in the normal range.</summary>
    public bool ReadingsAgree =>
        IsZero || (_parts.SignificantDigits <= 15 && !_parts.HasHugeExponent && _parts.Exponent is >= -307 and <= 307);

    /// <summary>Whether the nearest double has fewer digits than most, or is a zero beside such ones: finding it takes longer.</summary>
    public bool IsAmongSmallestDoubles => !IsZero && !_parts.HasHugeExponent && _parts.Exponent is >= -330 and < -307;

    /// <summary>Exact comparison: below 0, 0 or above 0 as a is less than, equal to or greater than b.</summary>
    public static int Compare(in JsonNumber a, in JsonNumber b)
    {
        int sign = a.Sign;
        if (sign != b.Sign)
        {
            return sign.CompareTo(b.Sign);
        }

        if (sign == 0)
        {
            return 0;
        }

        int magnitude = ExponentDifference(a, b).CompareTo(0);
        if (magnitude == 0)
        {
            magnitude = a._parts.Mantissa.CompareTo(b._parts.Mantissa);
        }

        if (magnitude == 0 && (a._parts.SignificantDigits > MantissaDigits || b._parts.SignificantDigits > MantissaDigits))
        {
            magnitude = CompareDigits(a, b);
        }

        return sign * magnitude;
    }

    /// <summary>The nearest double, ties to even; infinite beyond the range.</summary>
    public double ToNearestDouble()
    {
        if (IsZero)
        {
            return 0;
        }

        if (_parts.HasHugeExponent || _parts.Exponent is > 310 or < -330)
        {
            bool isTiny = _parts.HasHugeExponent ? ExponentIsNegative() : _parts.Exponent < 0;
            double limit = isTiny ? 0 : double.PositiveInfinity;
            return _parts.IsNegative ? -limit : limit;
        }

        // Written anew, with few digits and a small exponent, so that nothing depends on the parser's own limits. No double and
        // no midpoint of two has 800 digits: for any further ones, a 1 stands that only says that there are some.
        Span<byte> text = stackalloc byte[DoubleDigits + 32];
        int length = 0;
        if (_parts.IsNegative)
        {
            text[length++] = (byte)'-';
        }

        int digits = 0;
        foreach (int digit in SignificantDigits())
        {
            text[length++] = (byte)('0' + (digits < DoubleDigits ? digit : 1));
            if (digits++ == DoubleDigits)
            {
                break;
            }
        }

        text[length++] = (byte)'e';
        (_parts.Exponent - (digits - 1)).TryFormat(text[length..], out int written, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..(length + written)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A number from 0 to 9,007,199,254 in whole millionths, any further digits rounded up; false when negative or greater.
    /// </summary>
    public bool TryGetMillionths(out long millionths)
    {
        const long Limit = 9_007_199_254_000_000;
        millionths = 0;
        if (IsZero)
        {
            return true;
        }

        if (_parts.IsNegative || (_parts.HasHugeExponent ? !ExponentIsNegative() : _parts.Exponent > 9))
        {
            return false;
        }

        if (_parts.HasHugeExponent || _parts.Exponent < -6)
        {
            millionths = 1;
            return true;
        }

        (ulong whole, ulong rest) = Math.DivRem(_parts.Mantissa, PowersOfTen[MantissaDigits - ((int)_parts.Exponent + 7)]);
        millionths = (long)whole + (rest != 0 || _parts.SignificantDigits > MantissaDigits ? 1 : 0);
        return millionths <= Limit;
    }

    /// <summary>Adds the canonical form: equal numbers add the same, in whatever notation.</summary>
    public void AddTo(ref KeyedHasher hasher)
    {
        hasher.AddWord((ulong)(Sign + 1));
        if (IsZero)
        {
            return;
        }

        hasher.AddWord((ulong)_parts.SignificantDigits);
        hasher.AddLong(_parts.Mantissa);
        if (_parts.SignificantDigits > MantissaDigits)
        {
            DigitEnumerator digits = SignificantDigits();
            digits.Skip(MantissaDigits);
            while (digits.TryReadGroup(out ulong group, out _))
            {
                hasher.AddWord(group);
            }
        }

        AddExponentTo(ref hasher);
    }
}
