using System.Numerics;

namespace PolicyLayer.Json.Values;

/// <content>Exact divisibility, in modular arithmetic.</content>
internal readonly ref partial struct JsonNumber
{
    private const int WordDivisorDigits = 18;

    /// <summary>
    /// Whether this is a whole multiple of the divisor, exactly: 0.3 is one of 0.1. Nothing is a multiple of 0, but 0 of all else.
    /// Linear in this number's text; also in the divisor's, when that has more than 18 digits.
    /// </summary>
    public bool IsMultipleOf(in JsonNumber divisor)
    {
        if (IsZero || divisor.IsZero)
        {
            return !divisor.IsZero;
        }

        // Both are whole numbers not ending in 0, times a power of ten. With a lower power than the divisor's, this is no multiple.
        long power = ExponentDifference(this, divisor) - _parts.SignificantDigits + divisor._parts.SignificantDigits;
        if (power < 0)
        {
            return false;
        }

        return divisor._parts.SignificantDigits <= WordDivisorDigits
            ? IsMultipleOfWord(divisor._parts.Mantissa / PowersOfTen[MantissaDigits - divisor._parts.SignificantDigits], power)
            : IsMultipleOfBig(divisor, power);
    }

    private bool IsMultipleOfWord(ulong divisor, long power)
    {
        ulong remainder = 0;
        DigitEnumerator digits = SignificantDigits();
        while (digits.TryReadGroup(out ulong group, out ulong groupPower))
        {
            remainder = (ulong)((Math.BigMul(remainder, groupPower) + group) % divisor);
        }

        // Tens beyond the divisor's number of bits bring no new factor of 2 or 5.
        for (long left = Math.Min(power, 64); left > 0 && remainder != 0; left -= WordDivisorDigits)
        {
            remainder = (ulong)(Math.BigMul(remainder, PowersOfTen[Math.Min(left, WordDivisorDigits)]) % divisor);
        }

        return remainder == 0;
    }

    private bool IsMultipleOfBig(in JsonNumber divisor, long power)
    {
        BigInteger modulus = BigInteger.Zero;
        DigitEnumerator digits = divisor.SignificantDigits();
        while (digits.TryReadGroup(out ulong group, out ulong groupPower))
        {
            modulus = (modulus * groupPower) + group;
        }

        BigInteger remainder = BigInteger.Zero;
        digits = SignificantDigits();
        while (digits.TryReadGroup(out ulong group, out ulong groupPower))
        {
            remainder = ((remainder * groupPower) + group) % modulus;
        }

        BigInteger tens = BigInteger.ModPow(10, Math.Min(power, modulus.GetBitLength()), modulus);
        return (remainder * tens % modulus).IsZero;
    }
}
