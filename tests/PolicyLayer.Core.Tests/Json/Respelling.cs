using System.Text;
using System.Text.Json;

namespace PolicyLayer.Tests.Json;

/// <summary>Writes a value in another notation: members in another order, strings escaped, numbers with zeros and exponents.</summary>
internal sealed class Respelling(int seed)
{
    private readonly Random _random = new(seed);

    public string Write(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "[ " + string.Join(" ,", element.EnumerateArray().Select(Write)) + " ]",
        JsonValueKind.Object => "{ " + string.Join(" ,", Shuffle(element).Select(Write)) + " }",
        JsonValueKind.String => Write(element.GetString()!),
        JsonValueKind.Number => WriteNumber(element.GetRawText()),
        _ => element.GetRawText(),
    };

    private JsonProperty[] Shuffle(JsonElement element)
    {
        JsonProperty[] members = [.. element.EnumerateObject()];
        _random.Shuffle(members);
        return members;
    }

    private string Write(JsonProperty member) => Write(member.Name) + " : " + Write(member.Value);

    private string Write(string text)
    {
        // A pair of surrogates is escaped whole or not at all.
        var written = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool mustEscape = rune.Value is < ' ' or '"' or '\\';
            written.Append(mustEscape || _random.Next(2) == 0 ? Escape(rune) : rune.ToString());
        }

        return written.Append('"').ToString();
    }

    private string Escape(Rune rune) =>
        string.Concat(rune.ToString().Select(unit => "\\u" + ((int)unit).ToString(_random.Next(2) == 0 ? "x4" : "X4", null)));

    /// <summary>Ten times the digits, and one less in the exponent; zeros at either end.</summary>
    private string WriteNumber(string number)
    {
        int exponentAt = number.IndexOfAny(['e', 'E']);
        string digits = exponentAt < 0 ? number : number[..exponentAt];
        string exponent = exponentAt < 0 ? "" : number[exponentAt..];
        digits = digits.Contains('.', StringComparison.Ordinal) ? digits + new string('0', _random.Next(3)) : digits + ".0";
        return exponent.Length == 0 ? digits + (_random.Next(2) == 0 ? "E+00" : "e-0") : digits + exponent;
    }
}
