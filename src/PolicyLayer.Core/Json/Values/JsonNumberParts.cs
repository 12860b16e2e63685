namespace PolicyLayer.Json.Values;

/// <summary>What is read from a number's text, so that a number of the policy is read once.</summary>
internal struct JsonNumberParts
{
    /// <summary>The first significant digits, filled up with zeros to 19; 0 for zero alone.</summary>
    public ulong Mantissa;

    /// <summary>The exponent of the first digit; unused when <see cref="HasHugeExponent"/>.</summary>
    public long Exponent;

    public int SignificantDigits;

    public bool IsNegative;

    public bool HasHugeExponent;
}
