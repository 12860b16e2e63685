using System.Collections.Concurrent;
using System.Numerics;
using System.Text.RegularExpressions;

namespace PolicyLayer.Tests.Differential;

/// <summary>What schemas say of single values, by the words of the policy's description; patterns by a backtracking engine.</summary>
internal static class NaiveValues
{
    private static readonly ConcurrentDictionary<string, Regex> Regexes = new(StringComparer.Ordinal);

    public static bool HasType(Json schema, Json type, Json value)
    {
        IEnumerable<string> names = type.Kind == "array" ? type.Items.Select(item => item.Text) : [type.Text];
        return names.Any(name => name == value.Kind || (name == "integer" && value.Kind == "number" && IsWhole(value.Text)))
            || (value.Kind == "null" && schema["nullable"]?.Text == "true");
    }

    public static bool IsInRange(string format, string number)
    {
        if (format is "byte" or "binary" or "password")
        {
            return true;
        }

        bool isSigned = format[0] == 'i';
        string digits = format.TrimStart('u', 'i', 'n', 't');
        int bits = digits.Length == 0 ? 64 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
        BigInteger least = isSigned ? -BigInteger.Pow(2, bits - 1) : 0;
        BigInteger count = BigInteger.Pow(2, bits);
        NaiveNumber value = NaiveNumber.Parse(number);
        return IsWhole(number)
            && value.Numerator >= least * value.Denominator
            && value.Numerator < (least + count) * value.Denominator;
    }

    /// <summary>This engine knows look-aheads. Generated texts have no line ends, which its <c>$</c> would look past.</summary>
    public static bool Matches(string pattern, string text) =>
        Regexes.GetOrAdd(pattern, static p => new Regex(p, RegexOptions.CultureInvariant)).IsMatch(text);

    private static bool IsWhole(string number)
    {
        NaiveNumber value = NaiveNumber.Parse(number);
        return value.Numerator % value.Denominator == 0;
    }
}
