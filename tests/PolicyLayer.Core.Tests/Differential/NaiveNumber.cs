using System.Globalization;
using System.Numerics;

namespace PolicyLayer.Tests.Differential;

/// <summary>
/// A JSON number read twice: as an exact fraction and as the nearest double. Generated exponents are small enough to write out.
/// </summary>
internal readonly record struct NaiveNumber(BigInteger Numerator, BigInteger Denominator, double Nearest)
{
    public static NaiveNumber Parse(string text)
    {
        string[] parts = text.ToLowerInvariant().Split('e');
        string[] mantissa = parts[0].Split('.');
        string fraction = mantissa.Length > 1 ? mantissa[1] : "";
        int written = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        int exponent = written - fraction.Length;
        BigInteger digits = BigInteger.Parse(mantissa[0] + fraction, CultureInfo.InvariantCulture);
        double nearest = double.Parse(text, CultureInfo.InvariantCulture);
        return exponent >= 0
            ? new NaiveNumber(digits * BigInteger.Pow(10, exponent), 1, nearest)
            : new NaiveNumber(digits, BigInteger.Pow(10, -exponent), nearest);
    }

    /// <summary>True when both readings say so, false when both say not, else unjudgeable.</summary>
    public static Truth Compare(string left, string right, Func<int, bool> holds)
    {
        NaiveNumber l = Parse(left), r = Parse(right);
        bool exact = holds((l.Numerator * r.Denominator).CompareTo(r.Numerator * l.Denominator));
        bool nearest = holds(l.Nearest == r.Nearest ? 0 : l.Nearest < r.Nearest ? -1 : 1);
        return exact != nearest ? Truth.Unjudgeable : exact ? Truth.True : Truth.False;
    }

    /// <summary>Millionths, further digits rounded up; null for what is no amount.</summary>
    public static BigInteger? Amount(Json? value)
    {
        if (value?.Kind != "number")
        {
            return null;
        }

        NaiveNumber number = Parse(value.Text);
        if (number.Numerator < 0 || number.Numerator > 9_007_199_254 * number.Denominator)
        {
            return null;
        }

        return (number.Numerator * 1_000_000 + number.Denominator - 1) / number.Denominator;
    }
}
