using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace PolicyLayer.Tests.Json;

/// <summary>A JSON number with a bounded exponent, as a whole number of 10^-<see cref="Scale"/>.</summary>
public sealed record NaiveNumber(string Text)
{
    public const int Scale = 700;

    public BigInteger Value { get; } = Parse(Text);

    public static Arbitrary<NaiveNumber> Any() =>
        (from sign in Gen.Elements("", "-")
         from whole in Digits
         from fraction in Gen.Frequency((1, Gen.Constant("")), (2, Digits))
         from exponent in Gen.Frequency((2, Gen.Constant(0)), (3, Gen.Choose(-25, 25)), (1, Gen.Choose(-340, 340)))
         from marker in Gen.Elements("e", "E+", "e00", "E+0")
         select new NaiveNumber(
             sign + (whole.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0")
             + (fraction.Length == 0 ? "" : "." + fraction)
             + (exponent == 0 ? "" : (exponent < 0 ? "e-" : marker) + Math.Abs(exponent)))).ToArbitrary();

    private static Gen<string> Digits =>
        from length in Gen.Frequency((6, Gen.Choose(1, 4)), (2, Gen.Choose(14, 22)), (1, Gen.Choose(30, 60)))
        from digits in Gen.Frequency(
            (4, Gen.Constant('0')), (2, Gen.Constant('1')), (2, Gen.Constant('9')), (1, Gen.Choose('0', '9').Select(d => (char)d)))
            .ArrayOf(length)
        select new string(digits);

    private static BigInteger Parse(string text)
    {
        string[] parts = text.ToUpperInvariant().Split('E');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        int decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        int exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return BigInteger.Parse(parts[0].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
            * BigInteger.Pow(10, Scale + exponent - decimals);
    }
}
