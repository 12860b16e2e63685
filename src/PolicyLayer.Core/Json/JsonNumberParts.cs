namespace PolicyLayer.Json;

/// <summary>What is read from a number's text, so that a number of the policy is read once.</summary>
internal struct JsonNumberParts
{
    /// <summary>The first significant digits, filled up with zeros to 19; 0 for zero alone.</summary>
    public ulong Mantissa;

    /// <summary>The exponent of the first digit; unused when <see cref="HasHugeExponent"/>.</summary>
    public long Exponent;

    /// <summary>What the place of the first digit adds to the exponent as written.</summary>
    public int Shift;

    public int SignificantDigits;

    /// <summary>Offset of the first significant digit; −1 for zero.</summary>
    public int FirstDigit;

    public int ExponentStart;

    public bool IsNegative;

    public bool HasHugeExponent;
}
