using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck.Xunit;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Values are equal exactly where their canonical forms are, whatever their notation.</summary>
public sealed partial class CanonicalPropertyTests
{
    private readonly JsonTape _scratch = new();

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 2000)]
    public void Equal_values_have_equal_texts_and_others_have_not(JsonText a, JsonText b)
    {
        if (NaiveJson.IsOneValue(a.Json) && NaiveJson.IsOneValue(b.Json))
        {
            AssertAgree(a.Json, b.Json);
            AssertAgree($"[{a.Json},{b.Json}]", $"[{b.Json},{a.Json}]");
            AssertAgree($"{{\"a\":{a.Json},\"b\":{b.Json}}}", $"{{\"b\":{b.Json},\"\\u0061\":{a.Json}}}");
            AssertAgree(a.Json, a.Json.Replace("\"a\"", "\"A\"", StringComparison.Ordinal));
        }
    }

    [Property(Arbitrary = [typeof(NaiveNumber)], MaxTest = 2000)]
    public void So_have_numbers(NaiveNumber a, NaiveNumber b)
    {
        Assert.Equal(a.Value == b.Value, CanonicalJson.Of(a.Text) == CanonicalJson.Of(b.Text));
        Assert.Equal(a.Value, new NaiveNumber(CanonicalJson.Of(a.Text)).Value);
    }

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 2000)]
    public void Is_written_in_another_notation_with_the_same_text(JsonText value, int seed)
    {
        if (NaiveJson.IsOneValue(value.Json))
        {
            using JsonDocument document = JsonDocument.Parse(value.Json);
            string other = new Respelling(seed).Write(document.RootElement);

            Assert.Equal(CanonicalJson.Of(value.Json), CanonicalJson.Of(other));
        }
    }

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 2000)]
    public void Is_JSON_that_reads_back_equal_and_is_written_so_again(JsonText value)
    {
        if (!NaiveJson.IsOneValue(value.Json))
        {
            return;
        }

        string text = CanonicalJson.Of(value.Json);
        using JsonDocument document = JsonDocument.Parse(text);

        Assert.True(JsonEquality.AreEqual(new ScannedJson(value.Json).Root, new ScannedJson(text).Root, _scratch, new WorkBudget()));
        Assert.Equal(text, CanonicalJson.Of(text));
        Assert.Equal(text.Length, LengthOf(document.RootElement));
    }

    private void AssertAgree(string a, string b) => Assert.Equal(
        JsonEquality.AreEqual(new ScannedJson(a).Root, new ScannedJson(b).Root, _scratch, new WorkBudget()),
        CanonicalJson.Of(a) == CanonicalJson.Of(b));

    /// <summary>How long a text is that holds nothing but what it must, its names in order and its numbers in notation.</summary>
    private static int LengthOf(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Array:
                return 2 + element.EnumerateArray().Sum(LengthOf) + Math.Max(0, element.GetArrayLength() - 1);
            case JsonValueKind.Object:
                string[] names = [.. element.EnumerateObject().Select(member => member.Name)];
                Assert.Equal(names.Order(StringComparer.Ordinal), names);
                return 2 + element.EnumerateObject().Sum(member => LengthOf(member.Name) + 1 + LengthOf(member.Value))
                    + Math.Max(0, names.Length - 1);
            case JsonValueKind.String:
                return LengthOf(element.GetString()!);
            case JsonValueKind.Number:
                Assert.Matches(Notation(), element.GetRawText());
                return element.GetRawText().Length;
            default:
                return element.GetRawText().Length;
        }
    }

    private static int LengthOf(string text) => 2 + text.Sum(c => c switch
    {
        '"' or '\\' or '\b' or '\t' or '\n' or '\f' or '\r' => 2,
        < ' ' => 6,
        _ => 1,
    });

    // Plain up to 21 digits before the point and six zeros behind it, else with an exponent.
    [GeneratedRegex(
        @"^(0|-?([1-9]\d{0,20}(\.\d*[1-9])?|0\.0{0,5}([1-9]\d*)?[1-9]"
        + @"|[1-9](\.\d*[1-9])?e(\+(2[1-9]|[3-9]\d|[1-9]\d{2,})|-([7-9]|[1-9]\d+))))$")]
    private static partial Regex Notation();
}
