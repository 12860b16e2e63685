using System.Globalization;

namespace PolicyLayer.Json;

/// <summary>
/// The exact decimal that a JSON number writes, whatever its length: a sign, the significant digits d1.d2d3… without zeros at
/// either end, and the exponent of ten that d1 stands at. Exponents are never expanded; all costs are linear in the text.
/// </summary>
internal readonly ref partial struct JsonNumber
{
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

    /// <summary>The first significant digits, filled up with zeros to 19; 0 for zero alone.</summary>
    private readonly ulong _mantissa;

    /// <summary>The exponent of the first digit; unused when <see cref="_hasHugeExponent"/>.</summary>
    private readonly long _exponent;

    /// <summary>What the place of the first digit adds to the exponent as written.</summary>
    private readonly int _shift;

    private readonly int _significantDigits;
    private readonly int _firstDigit;
    private readonly int _exponentStart;
    private readonly bool _isNegative;
    private readonly bool _hasHugeExponent;

    /// <param name="raw">A number that the scanner accepted.</param>
    public JsonNumber(ReadOnlySpan<byte> raw)
    {
        _raw = raw;
        int i = raw[0] == '-' ? 1 : 0;
        int point = -1;
        int significant = 0;
        _firstDigit = -1;
        for (; i < raw.Length; i++)
        {
            int digit = raw[i] - '0';
            if ((uint)digit <= 9)
            {
                if (_firstDigit < 0)
                {
                    if (digit == 0)
                    {
                        continue;
                    }

                    _firstDigit = i;
                }

                if (significant++ < MantissaDigits)
                {
                    _mantissa = (_mantissa * 10) + (ulong)digit;
                }

                if (digit != 0)
                {
                    _significantDigits = significant;
                }
            }
            else if (raw[i] == '.')
            {
                point = i;
            }
            else
            {
                break;
            }
        }

        _exponentStart = i;
        if (_firstDigit < 0)
        {
            return;
        }

        _isNegative = raw[0] == '-';
        _mantissa *= significant < MantissaDigits ? PowersOfTen[MantissaDigits - significant] : 1;
        int unitsDigit = (point < 0 ? i : point) - 1;
        _shift = _firstDigit <= unitsDigit ? unitsDigit - _firstDigit : unitsDigit - _firstDigit + 1;
        _exponent = _shift;
        if (i < raw.Length)
        {
            ReadOnlySpan<byte> exponent = WrittenExponent(out bool isNegative);
            _hasHugeExponent = exponent.Length > LongExponentDigits;
            if (!_hasHugeExponent)
            {
                long written = ParseShort(exponent);
                _exponent += isNegative ? -written : written;
            }
        }
    }

    public bool IsZero => _mantissa == 0;

    /// <summary>-1, 0 or 1; -0 is 0.</summary>
    public int Sign => IsZero ? 0 : _isNegative ? -1 : 1;

    public bool IsInteger => IsZero || (_hasHugeExponent ? !ExponentIsNegative() : _exponent >= _significantDigits - 1);

    /// <summary>Whether numbers of this kind compare as doubles just as they do exactly: at most 15 digits, in the normal range.</summary>
    public bool ReadingsAgree =>
        IsZero || (_significantDigits <= 15 && !_hasHugeExponent && _exponent is >= -307 and <= 307);

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
            magnitude = a._mantissa.CompareTo(b._mantissa);
        }

        if (magnitude == 0 && (a._significantDigits > MantissaDigits || b._significantDigits > MantissaDigits))
        {
            magnitude = CompareDigits(a, b);
        }

        return sign * magnitude;
    }

    /// <summary>The nearest double, ties to even; infinite beyond the range.</summary>
    public double ToNearestDouble()
    {
        const int EnoughDigits = 800;
        if (IsZero)
        {
            return 0;
        }

        if (_hasHugeExponent || _exponent is > 310 or < -330)
        {
            double limit = (_hasHugeExponent ? ExponentIsNegative() : _exponent < 0) ? 0 : double.PositiveInfinity;
            return _isNegative ? -limit : limit;
        }

        // Written anew, with few digits and a small exponent, so that nothing depends on the parser's own limits. No double and
        // no midpoint of two has 800 digits: for any further ones, a 1 stands that only says that there are some.
        Span<byte> text = stackalloc byte[EnoughDigits + 32];
        int length = 0;
        if (_isNegative)
        {
            text[length++] = (byte)'-';
        }

        int digits = 0;
        foreach (int digit in SignificantDigits())
        {
            text[length++] = (byte)('0' + (digits < EnoughDigits ? digit : 1));
            if (digits++ == EnoughDigits)
            {
                break;
            }
        }

        text[length++] = (byte)'e';
        (_exponent - (digits - 1)).TryFormat(text[length..], out int written, default, CultureInfo.InvariantCulture);
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

        if (_isNegative || (_hasHugeExponent ? !ExponentIsNegative() : _exponent > 9))
        {
            return false;
        }

        if (_hasHugeExponent || _exponent < -6)
        {
            millionths = 1;
            return true;
        }

        (ulong whole, ulong rest) = Math.DivRem(_mantissa, PowersOfTen[MantissaDigits - ((int)_exponent + 7)]);
        millionths = (long)whole + (rest != 0 || _significantDigits > MantissaDigits ? 1 : 0);
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

        hasher.AddWord((ulong)_significantDigits);
        hasher.AddLong(_mantissa);
        if (_significantDigits > MantissaDigits)
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

    private static int CompareDigits(in JsonNumber a, in JsonNumber b)
    {
        DigitEnumerator digitsOfB = b.SignificantDigits();
        foreach (int digit in a.SignificantDigits())
        {
            int other = digitsOfB.MoveNext() ? digitsOfB.Current : -1;
            if (digit != other)
            {
                return digit.CompareTo(other);
            }
        }

        return digitsOfB.MoveNext() ? -1 : 0;
    }

    private DigitEnumerator SignificantDigits() => new(_raw[_firstDigit.._exponentStart], _significantDigits);

    private ref struct DigitEnumerator
    {
        private readonly ReadOnlySpan<byte> _text;
        private int _position;
        private int _left;

        public DigitEnumerator(ReadOnlySpan<byte> text, int count)
        {
            _text = text;
            _position = -1;
            _left = count;
        }

        public readonly int Current => _text[_position] - '0';

        public readonly DigitEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _left--;
            _position += _position + 1 < _text.Length && _text[_position + 1] == '.' ? 2 : 1;
            return true;
        }

        public void Skip(int digits)
        {
            while (digits-- > 0 && MoveNext())
            {
            }
        }

        /// <summary>Reads up to 18 digits as one number, and tells the power of ten that they fill.</summary>
        public bool TryReadGroup(out ulong group, out ulong power)
        {
            group = 0;
            power = 1;
            while (power < 1_000_000_000_000_000_000 && MoveNext())
            {
                group = (group * 10) + (ulong)Current;
                power *= 10;
            }

            return power > 1;
        }
    }
}
