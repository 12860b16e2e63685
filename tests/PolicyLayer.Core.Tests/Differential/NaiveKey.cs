using System.Globalization;

namespace PolicyLayer.Tests.Differential;

/// <summary>What tells values apart that counters and orders go by: the values themselves, written out.</summary>
internal static class NaiveKey
{
    /// <summary>The same text for two lists of values that are one; null where a path leads to no usable value.</summary>
    public static string? Of(IEnumerable<string> paths, Func<string, Json> root, bool setsCaseAside)
    {
        string?[] values = [.. paths.Select(path => Of(NaiveCondition.Resolve(path, root).Single().Value, setsCaseAside))];
        return values.Contains(null) ? null : string.Concat(values.Select(value => $"{value!.Length} {value}\n"));
    }

    private static string? Of(Json? value, bool setsCaseAside) => value?.Kind switch
    {
        "string" => "text " + (setsCaseAside ? NaiveCondition.WithoutCase(value.Text) : value.Text),
        "number" => OfNumber(value.Text),
        "boolean" => value.Text,
        _ => null,
    };

    /// <summary>The exact value, where the nearest double, written as shortly as it can be, is the same.</summary>
    private static string? OfNumber(string text)
    {
        NaiveNumber number = NaiveNumber.Parse(text);
        if (!double.IsFinite(number.Nearest))
        {
            return null;
        }

        NaiveNumber nearest = NaiveNumber.Parse(number.Nearest.ToString("R", CultureInfo.InvariantCulture));
        return number.Numerator * nearest.Denominator == nearest.Numerator * number.Denominator
            ? (number.Nearest + 0.0).ToString("R", CultureInfo.InvariantCulture)
            : null;
    }
}
