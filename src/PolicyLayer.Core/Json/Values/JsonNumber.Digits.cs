namespace PolicyLayer.Json.Values;

/// <content>Significant digits, read from the text.</content>
internal readonly ref partial struct JsonNumber
{
    /// <summary>Reads what stands before the exponent, and returns where that ends.</summary>
    /// <param name="raw">The number.</param>
    /// <param name="parts">Gets the mantissa and the number of its digits, 0 and 0 for zero.</param>
    /// <param name="firstDigit">Where the first significant digit stands; −1 in zero.</param>
    /// <param name="unitsDigit">Where the digit of the units stands.</param>
    private static int ReadDigits(ReadOnlySpan<byte> raw, ref JsonNumberParts parts, out int firstDigit, out int unitsDigit)
    {
        int i = raw[0] == '-' ? 1 : 0;
        int point = -1;
        int significant = 0;
        ulong mantissa = 0;
        firstDigit = -1;
        for (; i < raw.Length; i++)
        {
            int digit = raw[i] - '0';
            if ((uint)digit > 9)
            {
                if (raw[i] != '.')
                {
                    break;
                }

                point = i;
                continue;
            }

            if (firstDigit < 0)
            {
                if (digit == 0)
                {
                    continue;
                }

                firstDigit = i;
            }

            mantissa = significant++ < MantissaDigits ? (mantissa * 10) + (ulong)digit : mantissa;
            parts.SignificantDigits = digit != 0 ? significant : parts.SignificantDigits;
        }

        parts.Mantissa = mantissa * (significant is > 0 and < MantissaDigits ? PowersOfTen[MantissaDigits - significant] : 1);
        unitsDigit = (point < 0 ? i : point) - 1;
        return i;
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

    /// <summary>Writes the significant digits of a number other than zero, without a point.</summary>
    public void CopyDigits(Span<byte> utf8)
    {
        ReadOnlySpan<byte> text = _raw[FindFirstDigit()..];
        int unbroken = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end : text.Length;
        int beforePoint = Math.Min(unbroken, DigitCount);
        text[..beforePoint].CopyTo(utf8);
        if (beforePoint < DigitCount)
        {
            text.Slice(beforePoint + 1, DigitCount - beforePoint).CopyTo(utf8[beforePoint..]);
        }
    }

    private DigitEnumerator SignificantDigits() => new(_raw[FindFirstDigit()..FindExponent()], _parts.SignificantDigits);

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
