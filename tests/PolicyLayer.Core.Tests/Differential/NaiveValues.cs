using System.Collections.Concurrent;
using System.Globalization;
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

    public static readonly string[] Formats =
    [
        "int8", "int16", "int32", "int64", "int", "uint8", "uint16", "uint32", "uint64", "uint", "float", "double", "byte", "binary",
        "password",
    ];

    public static bool IsInRange(string format, string number)
    {
        switch (format)
        {
            case "byte" or "binary" or "password":
                return true;
            case "float":
                return float.IsFinite(float.Parse(number, CultureInfo.InvariantCulture));
            case "double":
                return double.IsFinite(double.Parse(number, CultureInfo.InvariantCulture));
        }

        bool isSigned = format[0] == 'i';
        string digits = format.TrimStart('u', 'i', 'n', 't');
        int bits = digits.Length == 0 ? 64 : int.Parse(digits, CultureInfo.InvariantCulture);
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
