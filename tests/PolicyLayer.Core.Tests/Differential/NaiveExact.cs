using System.Numerics;

namespace PolicyLayer.Tests.Differential;

/// <summary>What is the same for two values that are equal by their canonical form, and for no others.</summary>
internal static class NaiveExact
{
    /// <summary>A value with its numbers as exact fractions and its members in order.</summary>
    public static string Of(Json value) => value.Kind switch
    {
        "number" => Fraction(NaiveNumber.Parse(value.Text)),
        "array" => $"[{string.Concat(value.Items.Select(item => Of(item) + ","))}]",
        "object" => $"{{{string.Concat(value.Members.OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Name.Length} {member.Name}:{Of(member.Value)},"))}}}",
        _ => $"{value.Kind} {value.Text.Length} {value.Text}",
    };

    private static string Fraction(NaiveNumber number)
    {
        BigInteger divisor = BigInteger.GreatestCommonDivisor(number.Numerator, number.Denominator);
        return $"{number.Numerator / divisor}/{number.Denominator / divisor}";
    }
}
