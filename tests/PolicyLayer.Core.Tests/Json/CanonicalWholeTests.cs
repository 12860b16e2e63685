using PolicyLayer.Calls;
using PolicyLayer.Json.Values;

namespace PolicyLayer.Tests.Json;

/// <summary>Whole values in canonical form: RFC 8785, but for numbers that no double prints, which keep all their digits.</summary>
public sealed class CanonicalWholeTests
{
    [Fact]
    public void The_first_example_of_RFC_8785_keeps_only_the_digits_that_doubles_lose() => Assert.Equal(
        """{"literals":[null,true,false],"numbers":[333333333.33333329,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""",
        CanonicalJson.Of(
            """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """));

    [Fact]
    public void The_second_example_of_RFC_8785_is_ordered_by_UTF_16() => Assert.Equal(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\","
        + "\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        CanonicalJson.Of(
            """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """));

    [Theory]
    [InlineData(" null ", "null")]
    [InlineData("{ }", "{}")]
    [InlineData("[ ]", "[]")]
    [InlineData("""[{"b":[],"a":{}}, [1 , [2]]]""", """[{"a":{},"b":[]},[1,[2]]]""")]
    [InlineData("""{"b":{"d":1,"c":2},"a":{"f":3,"e":4}}""", """{"a":{"e":4,"f":3},"b":{"c":2,"d":1}}""")]
    [InlineData("""{"a":1,"A":2,"aa":3,"":4,"a\u0000":5}""", """{"":4,"A":2,"a":1,"a\u0000":5,"aa":3}""")]
    [InlineData("""{"long name b":1,"long name \u0061":2,"long name":3}""", """{"long name":3,"long name a":2,"long name b":1}""")]
    [InlineData(
        """{"a\uffff":1,"a\ud800\udc00":2,"a\ue000":3,"a\ud7ff":4}""",
        "{\"a\ud7ff\":4,\"a\U00010000\":2,\"a\ue000\":3,\"a\uffff\":1}")]
    [InlineData(
        """["\b\t\n\f\r\"\\\/","\u0000\u001F\u007f","é\u00E9"]""",
        "[\"\\b\\t\\n\\f\\r\\\"\\\\/\",\"\\u0000\\u001f\u007f\",\"éé\"]")]
    public void Is_written_so(string json, string expected) => Assert.Equal(expected, CanonicalJson.Of(json));

    [Theory]
    [InlineData("-0.0", "0")]
    [InlineData("0e999999999999999999999", "0")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("9007199254740992.0", "9007199254740992")]
    [InlineData("-100.000000000000000010", "-100.00000000000000001")]
    [InlineData("0.0000011000000000000000000001", "0.0000011000000000000000000001")]
    [InlineData("0.00000011000000000000000000001", "1.1000000000000000000001e-7")]
    [InlineData("123456789012345678901", "123456789012345678901")]
    [InlineData("1234567890123456789012", "1.234567890123456789012e+21")]
    [InlineData("12345678901234567890.5", "12345678901234567890.5")]
    [InlineData("1e400", "1e+400")]
    [InlineData("1e999999999", "1e+999999999")]
    [InlineData("-25e-1000", "-2.5e-999")]
    [InlineData("4.9e-324", "4.9e-324")]
    [InlineData("1e999999999999999999", "1e+999999999999999999")]
    [InlineData("10e999999999999999999", "1e+1000000000000000000")]
    [InlineData("0.1e1000000000000000000", "1e+999999999999999999")]
    [InlineData("0.001E-9999999999999999999", "1e-10000000000000000002")]
    [InlineData("100e-10000000000000000000", "1e-9999999999999999998")]
    [InlineData("12.50e+00099999999999999999999", "1.25e+100000000000000000000")]
    public void Numbers_keep_their_exact_decimal(string number, string expected) => Assert.Equal(expected, CanonicalJson.Of(number));

    [Fact]
    public void Case_counts_even_where_it_is_set_aside_elsewhere() =>
        Assert.Equal(
            """{"K":"ÉÉ","k":"éé"}""", CanonicalJson.Of(new ScannedJson("""{"k":"é\u00e9","K":"É\u00C9"}""").Root, foldsCase: true));

    [Fact]
    public void No_value_has_no_form() => Assert.False(CanonicalJson.TryWrite(default, foldsCase: false, new WorkBudget(), out _));

    [Theory]
    [InlineData("null")]
    [InlineData("[1,[2,\"a\"]]")]
    [InlineData("""{"b":1,"a":{"d":2,"c":3}}""")]
    public void Costs_work_and_says_where_there_is_too_little(string json)
    {
        JsonValue value = new ScannedJson(json).Root;
        long cost = CanonicalJson.CostOf(json);

        Assert.True(CanonicalJson.TryWrite(value, foldsCase: false, new WorkBudget(cost), out _));
        for (long less = cost - 1; less >= 0; less--)
        {
            var work = new WorkBudget(less);
            Assert.False(CanonicalJson.TryWrite(value, foldsCase: false, work, out _));
            Assert.True(work.IsSpent);
        }
    }
}
