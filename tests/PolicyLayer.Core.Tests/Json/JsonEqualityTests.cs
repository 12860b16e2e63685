using System.Globalization;
using System.Text.Json;
using FsCheck.Xunit;
using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

public class JsonEqualityTests
{
    private readonly JsonTape _scratch = new();

    [Property(Arbitrary = [typeof(JsonGenerators)], MaxTest = 2000)]
    public void Agrees_with_a_naive_equality(JsonText a, JsonText b)
    {
        if (NaiveJson.IsOneValue(a.Json) && NaiveJson.IsOneValue(b.Json))
        {
            AssertAgree(a.Json, b.Json);
            AssertAgree(a.Json, a.Json);
            AssertAgree(a.Json, a.Json.Replace("1.0", "10e-1", StringComparison.Ordinal));
            AssertAgree($"[{a.Json},{b.Json}]", $"[{b.Json},{a.Json}]");
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":[2,{"c":"x"}]}""", """{"b":[2.0,{"\u0063":"\u0078"}],"a":10e-1}""", Judgement.True)]
    [InlineData("""{"a":1}""", """{"b":1}""", Judgement.False)]
    [InlineData("""{"a":1}""", """{"a":1,"b":1}""", Judgement.False)]
    [InlineData("[1,2]", "[2,1]", Judgement.False)]
    [InlineData("[1,2]", "[1,2,3]", Judgement.False)]
    [InlineData("true", "false", Judgement.False)]
    [InlineData("[\"5\"]", "[5]", Judgement.False)]
    [InlineData("[null]", "[0]", Judgement.False)]
    [InlineData("[0.10000000000000000001]", "[0.1]", Judgement.Unjudgeable)]
    [InlineData("[0.10000000000000000001,1]", "[0.1,2]", Judgement.False)]
    [InlineData("""{"a":0.10000000000000000001,"b":1}""", """{"a":0.1,"b":"1"}""", Judgement.False)]
    [InlineData("""{"b":1,"a":0.10000000000000000001}""", """{"a":0.1,"b":1}""", Judgement.Unjudgeable)]
    [InlineData("[[0.10000000000000000001],[0.1]]", "[[0.1],[0.1]]", Judgement.Unjudgeable)]
    [InlineData("\"\u00e9\"", "\"e\u0301\"", Judgement.False)]
    public void A_definite_difference_wins_over_an_unjudgeable_number(string a, string b, object expected)
    {
        Assert.Equal(expected, JsonEquality.Judge(new ScannedJson(a).Root, new ScannedJson(b).Root, _scratch, new WorkBudget()));
        Assert.Equal(expected, JsonEquality.Judge(new ScannedJson(b).Root, new ScannedJson(a).Root, _scratch, new WorkBudget()));
        Assert.Equal(
            expected is Judgement.True,
            JsonEquality.AreEqual(new ScannedJson(a).Root, new ScannedJson(b).Root, _scratch, new WorkBudget()));
    }

    [Fact]
    public void Large_objects_inside_large_objects_compare_in_any_order()
    {
        string inner = Write(Enumerable.Range(0, 300), n => $"{n}.0");
        string reversed = Write(Enumerable.Range(0, 300).Reverse(), n => $"{n}");
        string other = Write(Enumerable.Range(0, 300), n => n == 299 ? "-1" : $"{n}");
        AssertJudged(Judgement.True, inner, reversed);
        AssertJudged(Judgement.False, inner, other);

        void AssertJudged(Judgement expected, string a, string b)
        {
            var left = new ScannedJson(Write(Enumerable.Range(0, 40), _ => a));
            var right = new ScannedJson(Write(Enumerable.Range(0, 40).Reverse(), _ => b));
            Assert.Equal(expected, JsonEquality.Judge(left.Root, right.Root, _scratch, new WorkBudget()));
            Assert.Equal(expected == Judgement.True, JsonHash.Of(left.Root) == JsonHash.Of(right.Root));
        }

        static string Write(IEnumerable<int> names, Func<int, string> value) =>
            "{" + string.Join(",", names.Select(n => $"\"{(n % 2 == 0 ? "n" : "\\u006e")}{n}\":{value(n)}")) + "}";
    }

    private void AssertAgree(string a, string b)
    {
        using JsonDocument left = JsonDocument.Parse(a);
        using JsonDocument right = JsonDocument.Parse(b);
        bool expected = AreEqual(left.RootElement, right.RootElement);
        var scannedA = new ScannedJson(a);
        var scannedB = new ScannedJson(b);
        Assert.Equal(expected, JsonEquality.AreEqual(scannedA.Root, scannedB.Root, _scratch, new WorkBudget()));
        Assert.Equal(expected, JsonHash.Of(scannedA.Root) == JsonHash.Of(scannedB.Root));
    }

    private static bool AreEqual(JsonElement a, JsonElement b) => (a.ValueKind, b.ValueKind) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => Canonical(a.GetRawText()) == Canonical(b.GetRawText()),
        (JsonValueKind.String, JsonValueKind.String) => a.GetString() == b.GetString(),
        (JsonValueKind.Array, JsonValueKind.Array) => a.GetArrayLength() == b.GetArrayLength()
            && a.EnumerateArray().Zip(b.EnumerateArray()).All(pair => AreEqual(pair.First, pair.Second)),
        (JsonValueKind.Object, JsonValueKind.Object) => a.EnumerateObject().Count() == b.EnumerateObject().Count()
            && a.EnumerateObject().All(p => b.TryGetProperty(p.Name, out JsonElement other) && AreEqual(p.Value, other)),
        _ => a.ValueKind == b.ValueKind,
    };

    // The generated numbers have no exponent that needs more than this, but for the one that is written as it is.
    private static string Canonical(string number) => number.Contains("e-9", StringComparison.Ordinal)
        ? number.Replace("1.0e", "1e", StringComparison.Ordinal)
        : new NaiveNumber(number).Value.ToString(CultureInfo.InvariantCulture);
}
